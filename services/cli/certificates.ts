/**
 * Makes what mutual TLS needs: a CA, and a certificate of it for each service and for the command line. A folder for each, so that each can
 * be given its own and no more; the CA's key stays in a folder that no service needs.
 */
import { webcrypto } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as x509 from '@peculiar/x509';
import { ServiceError } from '../runtime/index.js';

/** Each has the name in its certificate by which its clients know it. */
const certified = ['tuplespace', 'general-node', 'orchestrator', 'client'] as const;

export interface CertificatesOptions {
  readonly folder: string;
  /** How long the certificates are good for; the CA for ten times as long. */
  readonly days: number;
  readonly nowMs: number;
  /** Whoever reaches a service's folder may read its key: for volumes of containers. */
  readonly isShared: boolean;
}

export interface MadeCertificates {
  readonly isNewCa: boolean;
  readonly until: Date;
}

const signing = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const dayMs = 24 * 3_600_000;
/** Clocks need not agree to the minute. */
const skewMs = 5 * 60_000;

/**
 * Makes the CA if there is none, and new certificates in any case. A service that runs reads its files again. Errors: invalid_argument (a
 * folder cannot be written), failed_precondition (half a CA).
 */
export async function makeCertificates(options: CertificatesOptions): Promise<MadeCertificates> {
  const { folder, days, nowMs, isShared } = options;
  x509.cryptoProvider.set(webcrypto);
  const { ca, isNew } = await openCa(options);
  const until = new Date(nowMs + days * dayMs);
  for (const name of certified) {
    const pem = await issue(name, { ca, until, nowMs });
    writeOnce(join(folder, name), 'ca.crt', { text: `${ca.certificate.toString('pem')}\n`, mode: 0o444 });
    writeOnce(join(folder, name), 'service.pem', { text: pem, mode: isShared ? 0o444 : 0o600 });
  }
  return { isNewCa: isNew, until };
}

interface Ca {
  readonly certificate: x509.X509Certificate;
  readonly keys: webcrypto.CryptoKeyPair;
}

async function openCa({ folder, days, nowMs }: CertificatesOptions): Promise<{ ca: Ca; isNew: boolean }> {
  const [certificateFile, keyFile] = [join(folder, 'ca', 'ca.crt'), join(folder, 'ca', 'ca.key')];
  const standing = [certificateFile, keyFile].filter(existsSync);
  if (standing.length === 2) return { ca: await readCa(certificateFile, keyFile), isNew: false };
  if (standing.length === 1) {
    const problem = `${standing[0]} is there without its other half; put that back, or take it away for a new CA`;
    throw new ServiceError('failed_precondition', problem);
  }
  const keys = await webcrypto.subtle.generateKey(signing, true, ['sign', 'verify']);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: serialNumber(),
    name: 'CN=Byzantine Generals CA',
    notBefore: new Date(nowMs - skewMs),
    notAfter: new Date(nowMs + 10 * days * dayMs),
    signingAlgorithm: signing,
    keys,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  writeOnce(join(folder, 'ca'), 'ca.key', { text: await keyPem(keys.privateKey), mode: 0o600 });
  writeOnce(join(folder, 'ca'), 'ca.crt', { text: `${certificate.toString('pem')}\n`, mode: 0o444 });
  return { ca: { certificate, keys }, isNew: true };
}

async function readCa(certificateFile: string, keyFile: string): Promise<Ca> {
  try {
    const certificate = new x509.X509Certificate(readFileSync(certificateFile, 'utf8'));
    const [key] = x509.PemConverter.decode(readFileSync(keyFile, 'utf8'));
    const privateKey = await webcrypto.subtle.importKey('pkcs8', key ?? new ArrayBuffer(0), signing, true, [
      'sign',
    ]);
    return { certificate, keys: { privateKey, publicKey: await certificate.publicKey.export() } };
  } catch (cause) {
    const problem = `${certificateFile} and ${keyFile} are no CA that this program made`;
    throw new ServiceError('failed_precondition', problem, { cause });
  }
}

/** Key and certificate in one text, so that they are replaced together. */
async function issue(
  name: string,
  { ca, until, nowMs }: { readonly ca: Ca; readonly until: Date; readonly nowMs: number },
): Promise<string> {
  const keys = await webcrypto.subtle.generateKey(signing, true, ['sign', 'verify']);
  const { serverAuth, clientAuth } = x509.ExtendedKeyUsage;
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: serialNumber(),
    subject: `CN=${name}`,
    issuer: ca.certificate.subject,
    notBefore: new Date(nowMs - skewMs),
    notAfter: until,
    signingAlgorithm: signing,
    publicKey: keys.publicKey,
    signingKey: ca.keys.privateKey,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension(name === 'client' ? [clientAuth] : [serverAuth, clientAuth]),
      new x509.SubjectAlternativeNameExtension([{ type: 'dns', value: name }]),
      await x509.AuthorityKeyIdentifierExtension.create(ca.keys.publicKey),
    ],
  });
  return `${certificate.toString('pem')}\n${await keyPem(keys.privateKey)}`;
}

async function keyPem(key: webcrypto.CryptoKey): Promise<string> {
  const bytes = await webcrypto.subtle.exportKey('pkcs8', key);
  return `${x509.PemConverter.encode(bytes, 'PRIVATE KEY')}\n`;
}

/** Positive, as RFC 5280 wants it. */
function serialNumber(): string {
  const bytes = webcrypto.getRandomValues(new Uint8Array(16));
  return `4${Buffer.from(bytes).toString('hex').slice(1)}`;
}

/** A reader sees the old text or the new one, never half of it. */
function writeOnce(folder: string, name: string, { text, mode }: { text: string; mode: number }): void {
  const path = join(folder, name);
  try {
    mkdirSync(folder, { recursive: true, mode: 0o755 });
    writeFileSync(`${path}.new`, text, { mode });
    renameSync(`${path}.new`, path);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new ServiceError('invalid_argument', `${path} cannot be written (${code})`, { cause });
  }
}
