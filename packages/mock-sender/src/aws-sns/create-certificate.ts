import { createPublicKey } from "node:crypto";
import type { KeyObject } from "node:crypto";

import forge from "node-forge";

/** What a certificate says beside its key. */
export interface CertificateOptions {
  /** The name it is for. */
  readonly name: string;
  /** When it begins to be valid, in milliseconds since the epoch. */
  readonly fromMs: number;
  /** When it ceases to be valid, in milliseconds since the epoch. */
  readonly untilMs: number;
}

/** Makes a certificate for an RSA key, signed with that key itself. PEM. */
export function createCertificate(key: KeyObject, { name, fromMs, untilMs }: CertificateOptions): string {
  const certificate = forge.pki.createCertificate();
  certificate.publicKey = forge.pki.publicKeyFromPem(
    createPublicKey(key).export({ type: "spki", format: "pem" }).toString(),
  );
  certificate.serialNumber = "01";
  certificate.validity.notBefore = new Date(fromMs);
  certificate.validity.notAfter = new Date(untilMs);
  const subject = [{ name: "commonName", value: name }];
  certificate.setSubject(subject);
  certificate.setIssuer(subject);
  certificate.setExtensions([{ name: "subjectAltName", altNames: [{ type: 2, value: name }] }]);
  const privatePem = key.export({ type: "pkcs8", format: "pem" }).toString();
  certificate.sign(forge.pki.privateKeyFromPem(privatePem), forge.md.sha256.create());
  return forge.pki.certificateToPem(certificate);
}
