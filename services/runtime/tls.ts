/**
 * Mutual TLS from files: both sides show a certificate of one CA. The files are read again while they are used, so that new connections
 * get new certificates and nothing is restarted; what cannot be used is logged, and the last good ones go on.
 */
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { PeerCertificate } from 'node:tls';
import { checkServerIdentity } from 'node:tls';
import * as grpc from '@grpc/grpc-js';
import type { Clock, StopTimer } from './clock.js';
import { type ErrorCode, ServiceError } from './errors.js';
import type { Log } from './log.js';
import type { ValuesOf } from './settings-table.js';
import { tlsKeys } from './tls-settings.js';

export type TlsFiles = Omit<ValuesOf<typeof tlsKeys>, 'isInsecureDev'>;

export interface TlsOptions {
  readonly clock: Clock;
  readonly log: Log;
  /** How often the files are looked at while connections may be made, in ms; default 2,000. */
  readonly rereadMs?: number;
}

type Provider = grpc.experimental.CertificateProvider;
type CaListener = Parameters<Provider['addCaCertificateListener']>[0];
type IdentityListener = Parameters<Provider['addIdentityCertificateListener']>[0];

interface Pems {
  readonly ca: Buffer;
  readonly certificate: Buffer;
  readonly privateKey: Buffer;
}

export class Tls implements Provider {
  readonly files: TlsFiles;
  readonly #options: TlsOptions;
  readonly #caListeners = new Set<CaListener>();
  readonly #identityListeners = new Set<IdentityListener>();
  #pems: Pems;
  #problem = '';
  #stopTimer: StopTimer | undefined;

  /** Errors: invalid_argument (a file is missing or malformed), failed_precondition (expired, another CA's, another key's). */
  constructor(files: TlsFiles, options: TlsOptions) {
    this.files = files;
    this.#options = options;
    this.#pems = readPems(files, options.clock.wallMs());
  }

  /** When its own certificate ends. */
  get until(): Date {
    return new Date(new X509Certificate(this.#pems.certificate).validTo);
  }

  /** For a server: whoever connects must show a certificate of the CA. */
  serverCredentials(): grpc.ServerCredentials {
    return grpc.experimental.createCertificateProviderServerCredentials(this, this, true);
  }

  /**
   * For a client. The server's certificate must be for `serverName`, wherever it listens; without one any certificate of the CA will
   * do.
   */
  channelCredentials(serverName?: string): grpc.ChannelCredentials {
    const verify = (_host: string, certificate: PeerCertificate): Error | undefined =>
      serverName === undefined ? undefined : checkServerIdentity(serverName, certificate);
    return grpc.experimental.createCertificateProviderChannelCredentials(this, this, {
      checkServerIdentity: verify,
    });
  }

  addCaCertificateListener(listener: CaListener): void {
    this.#caListeners.add(listener);
    // The library takes in what it hears once its own set-up is done.
    queueMicrotask(() => listener({ caCertificate: this.#pems.ca }));
    this.#watch();
  }

  removeCaCertificateListener(listener: CaListener): void {
    this.#caListeners.delete(listener);
    this.#rest();
  }

  addIdentityCertificateListener(listener: IdentityListener): void {
    this.#identityListeners.add(listener);
    queueMicrotask(() => listener(this.#pems));
    this.#watch();
  }

  removeIdentityCertificateListener(listener: IdentityListener): void {
    this.#identityListeners.delete(listener);
    this.#rest();
  }

  #watch(): void {
    const { clock, rereadMs = 2_000 } = this.#options;
    this.#stopTimer ??= clock.after(rereadMs, () => {
      this.#stopTimer = undefined;
      this.#reread();
      this.#watch();
    });
  }

  /** Nobody connects any more. */
  #rest(): void {
    if (this.#caListeners.size + this.#identityListeners.size > 0) return;
    this.#stopTimer?.();
    this.#stopTimer = undefined;
  }

  #reread(): void {
    const { clock, log } = this.#options;
    let pems: Pems;
    try {
      pems = readPems(this.files, clock.wallMs());
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      // Once for each problem, not for each look.
      if (error.message !== this.#problem) log.error('tls.files_unusable', { problem: error.message });
      this.#problem = error.message;
      return;
    }
    this.#problem = '';
    if (isSame(pems, this.#pems)) return;
    this.#pems = pems;
    log.info('tls.certificate_renewed', { until: new X509Certificate(pems.certificate).validTo });
    for (const listener of this.#caListeners) listener({ caCertificate: pems.ca });
    for (const listener of this.#identityListeners) listener(pems);
  }
}

function isSame(left: Pems, right: Pems): boolean {
  return (['ca', 'certificate', 'privateKey'] as const).every((part) => left[part].equals(right[part]));
}

function readPems({ caFile, certificateFile, keyFile }: TlsFiles, nowMs: number): Pems {
  const pems = {
    ca: readPem(tlsKeys.caFile.path, caFile),
    certificate: readPem(tlsKeys.certificateFile.path, certificateFile),
    privateKey: readPem(tlsKeys.keyFile.path, keyFile),
  };
  const issuers = parsed(tlsKeys.caFile.path, caFile, () => certificatesIn(pems.ca));
  const field = tlsKeys.certificateFile.path;
  const own = parsed(field, certificateFile, () => new X509Certificate(pems.certificate));
  const key = parsed(tlsKeys.keyFile.path, keyFile, () => createPrivateKey(pems.privateKey));
  const refuse = (problem: string): never => {
    throw unusable('failed_precondition', { field, problem: `${certificateFile} ${problem}` });
  };
  if (!own.checkPrivateKey(key)) refuse(`is not for the key in ${keyFile}`);
  const isOfCa = issuers.some((ca) => own.checkIssued(ca) && own.verify(ca.publicKey));
  if (!isOfCa) refuse(`is not from the CA in ${caFile}`);
  if (Date.parse(own.validTo) <= nowMs) refuse(`has expired: ${own.validTo}`);
  if (Date.parse(own.validFrom) > nowMs) refuse(`is not valid yet: ${own.validFrom}`);
  return pems;
}

/** While a CA is replaced its file holds both, the old one and the new one. Throws where there is none. */
function certificatesIn(bundle: Buffer): readonly X509Certificate[] {
  const pems = bundle.toString().match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g);
  return (pems ?? ['']).map((pem) => new X509Certificate(pem));
}

function readPem(field: string, path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw unusable('invalid_argument', { field, problem: `${path} cannot be read (${code})` });
  }
}

function parsed<T>(field: string, path: string, parse: () => T): T {
  try {
    return parse();
  } catch {
    throw unusable('invalid_argument', {
      field,
      problem: `${path} has no PEM of the kind that it should have`,
    });
  }
}

function unusable(code: ErrorCode, { field, problem }: { field: string; problem: string }): ServiceError {
  const advice = 'byz certificates make <folder> makes a CA and certificates, and renews them';
  return new ServiceError(code, `${field}: ${problem}`, { details: { field, advice, settings: 'sources' } });
}
