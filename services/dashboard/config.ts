/**
 * The settings of the dashboard.
 */
import { addressOrOff, filePath, setting, textList } from '../runtime/index.js';

/** `[dashboard]`. */
export const dashboardKeys = {
  address: setting({
    path: 'dashboard.address',
    kind: addressOrOff(),
    default: '127.0.0.1:7180',
    doc:
      'Where the orchestrator serves the dashboard, over plain HTTP: keep it on this machine, or behind something that ' +
      'encrypts.',
  }),
  keyFile: setting({
    path: 'dashboard.key_file',
    kind: filePath(),
    default: '',
    doc: 'File with the key that a page must have to start or change anything. Without one it can only look.',
    isSecretFile: true,
  }),
  hosts: setting({
    path: 'dashboard.hosts',
    kind: textList({
      isAllowed: (host) => /^[A-Za-z0-9._-]{1,253}$/.test(host),
      allowed: 'a list of names without port, such as ["generals.example"]; [] is those of this machine',
    }),
    default: [],
    doc: 'Further names that the dashboard may be called by. Others are refused, so that no foreign name can stand for it.',
  }),
};
