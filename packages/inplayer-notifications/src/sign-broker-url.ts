import { SignatureV4 } from "@smithy/signature-v4";

import type { Credentials } from "./credentials.ts";
import { Sha256 } from "./sha256.ts";

/** The broker looks at a signature once, when the connection is opened. */
const expiresInSeconds = 300;

/**
 * Signs the address of a broker of AWS IoT with Signature Version 4. The session token comes last and is not signed: AWS
 * IoT refuses it otherwise.
 *
 * @see https://docs.aws.amazon.com/iot/latest/developerguide/authorizing-direct-aws.html
 */
export async function signBrokerUrl(brokerUrl: string, credentials: Credentials, nowMs: number): Promise<string> {
  const { protocol, host, hostname, pathname } = new URL(brokerUrl);
  const { accessKey, secretKey, sessionToken, region } = credentials;
  const signer = new SignatureV4({
    service: "iotdevicegateway",
    region,
    sha256: Sha256,
    // Without the session token, which the signer would sign.
    credentials: { accessKeyId: accessKey, secretAccessKey: secretKey },
  });
  const { query = {} } = await signer.presign(
    { protocol, hostname, method: "GET", path: pathname, query: {}, headers: { host } },
    { expiresIn: expiresInSeconds, signingDate: new Date(nowMs) },
  );
  const signed = Object.entries(query).map(([name, value]) => `${name}=${encode(String(value))}`);
  return `${protocol}//${host}${pathname}?${[...signed, `X-Amz-Security-Token=${encode(sessionToken)}`].join("&")}`;
}

/** Signature Version 4 escapes what `encodeURIComponent` leaves. */
function encode(text: string): string {
  return encodeURIComponent(text).replaceAll(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
}
