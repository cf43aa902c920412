import { createReceiver } from "@hooklatch/core";
import { toLambda } from "@hooklatch/lambda";
import type { LambdaEvent, LambdaEventV1, LambdaEventV2, LambdaHandler, LambdaResult } from "@hooklatch/lambda";
import { chip } from "@hooklatch/providers/chip";
import type {
  ALBEvent,
  APIGatewayProxyEvent,
  APIGatewayProxyEventV2,
  APIGatewayProxyHandler,
  APIGatewayProxyHandlerV2,
  APIGatewayProxyResult,
  APIGatewayProxyStructuredResultV2,
  LambdaFunctionURLEvent,
  LambdaFunctionURLHandler,
  SQSEvent,
} from "aws-lambda";
import { expectTypeOf, test } from "vitest";

test("toLambda() makes a handler for REST APIs, HTTP APIs and function URLs", () => {
  expectTypeOf(toLambda).returns.toEqualTypeOf<LambdaHandler>();
  expectTypeOf<LambdaHandler>().toExtend<APIGatewayProxyHandler>();
  expectTypeOf<LambdaHandler>().toExtend<APIGatewayProxyHandlerV2>();
  expectTypeOf<LambdaHandler>().toExtend<LambdaFunctionURLHandler>();
});

test("it takes their events, and no others", () => {
  expectTypeOf<APIGatewayProxyEvent>().toExtend<LambdaEventV1>();
  expectTypeOf<APIGatewayProxyEventV2>().toExtend<LambdaEventV2>();
  expectTypeOf<LambdaFunctionURLEvent>().toExtend<LambdaEventV2>();
  expectTypeOf<ALBEvent>().not.toExtend<LambdaEvent>();
  expectTypeOf<SQSEvent>().not.toExtend<LambdaEvent>();
});

test("it answers what they take", () => {
  expectTypeOf<LambdaResult>().toExtend<APIGatewayProxyResult>();
  expectTypeOf<LambdaResult>().toExtend<APIGatewayProxyStructuredResultV2>();
});

test("toLambda() takes the receiver of any provider", () => {
  const payments = createReceiver({ provider: chip({ publicKey: "" }) });
  expectTypeOf(payments).toExtend<Parameters<typeof toLambda>[0]>();
  // @ts-expect-error a provider is no receiver
  toLambda(payments.provider);
});
