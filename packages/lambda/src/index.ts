export type { LambdaEvent, LambdaEventV1, LambdaEventV2, LambdaResult } from "./lambda-event.ts";
export { toLambda } from "./to-lambda.ts";
export type { LambdaHandler } from "./to-lambda.ts";
