/** A request as Lambda hands it to a function, in either payload format. */
export type LambdaEvent = LambdaEventV1 | LambdaEventV2;

/**
 * The parts of a request in payload format 1.0 that a receiver needs: from a REST API, or from an HTTP API that is set to
 * this format.
 */
export interface LambdaEventV1 extends EventBody {
  readonly httpMethod: string;
  /** Without the stage, where the sender used the API's own domain name. */
  readonly path: string;
  /** Names as they were sent, every value. */
  readonly multiValueHeaders?: Readonly<Record<string, readonly string[] | undefined>> | null;
  /** The last value of each. */
  readonly headers?: Readonly<Record<string, string | undefined>> | null;
  /** Decoded. */
  readonly multiValueQueryStringParameters?: Readonly<Record<string, readonly string[] | undefined>> | null;
  readonly requestContext: {
    /** As it was sent, with the stage or the base path of a domain name. */
    readonly path?: string;
    readonly identity: { readonly sourceIp: string };
  };
}

/** The parts of a request in payload format 2.0 that a receiver needs: from an HTTP API, or from a function URL. */
export interface LambdaEventV2 extends EventBody {
  readonly rawPath: string;
  readonly rawQueryString: string;
  /** Names in lower case. The values of a repeated header are joined with commas. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly requestContext: { readonly http: { readonly method: string; readonly sourceIp: string } };
}

interface EventBody {
  readonly body?: string | null | undefined;
  /** Whether the body is base64 of the bytes. Else it is a text that the gateway made of them. */
  readonly isBase64Encoded: boolean;
}

/** The answer to a request, as either payload format takes it. */
export interface LambdaResult {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly isBase64Encoded: false;
}
