/**
 * The settings of mutual TLS.
 */
import type { SettingCheck } from './settings.js';
import { filePath, trueOrFalse } from './settings-kind.js';
import { setting } from './settings-table.js';

/** `[tls]`. */
export const tlsKeys = {
  caFile: setting({
    path: 'tls.ca_file',
    kind: filePath(),
    default: '',
    doc: 'File with the certificate of the CA that both sides of a call must have theirs from. Without it calls go in clear.',
  }),
  certificateFile: setting({
    path: 'tls.certificate_file',
    kind: filePath(),
    default: '',
    doc: 'File with the certificate that this process shows. It and the key are read again when they change.',
  }),
  keyFile: setting({
    path: 'tls.key_file',
    kind: filePath(),
    default: '',
    doc: "File with the certificate's key; it may be the same file, and is then replaced in one step.",
    isSecretFile: true,
  }),
  isInsecureDev: setting({
    path: 'tls.insecure_dev',
    kind: trueOrFalse(),
    default: false,
    doc:
      'Send tokens and secrets in clear to any address. Without it only to this machine, to private addresses, and to names ' +
      'without a dot or in .internal, .local, .localhost or .svc.',
  }),
};

const { caFile, certificateFile, keyFile } = tlsKeys;
const fileKeys = { caFile, certificateFile, keyFile };

/** The three files come together. */
export const tlsCheck: SettingCheck = {
  paths: Object.values(fileKeys).map(({ path }) => path),
  problem(settings) {
    const paths = Object.values(settings.values(fileKeys));
    const setCount = paths.filter((path) => path !== '').length;
    return setCount === 0 || setCount === paths.length ? undefined : 'some are set and some are not';
  },
  advice: 'set all three for mutual TLS, or none; byz certificates make makes them',
};
