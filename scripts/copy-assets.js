// Puts beside the compiled code what it reads at run time by path: the wire contract and the version.
import { cpSync, writeFileSync, readFileSync } from 'node:fs';

cpSync('proto/byzantine', 'dist/proto/byzantine', { recursive: true });
const { name, version, type } = JSON.parse(readFileSync('package.json', 'utf8'));
writeFileSync('dist/package.json', `${JSON.stringify({ name, version, type, private: true }, null, 2)}\n`);
