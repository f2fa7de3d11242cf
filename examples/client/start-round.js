/**
 * A round by a plain gRPC client: starts one and tells what happens in it.
 *
 *   node examples/client/start-round.js 127.0.0.1:7100
 *
 * It needs @grpc/grpc-js, @grpc/proto-loader and the files of proto/, nothing of this project.
 */
import { join } from 'node:path';
import * as grpc from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';

const [address = '127.0.0.1:7100'] = process.argv.slice(2);
const protos = join(import.meta.dirname, '../../proto');
const definitions = loadSync('byzantine/v1/orchestrator.proto', {
  includeDirs: [protos],
  longs: String,
  enums: String,
  oneofs: true,
});
const { Orchestrator } = grpc.loadPackageDefinition(definitions).byzantine.v1;
const orchestrator = new Orchestrator(address, grpc.credentials.createInsecure());

orchestrator.StartRound({ generalCount: 4, traitorCount: 1, seed: 7 }, (error, round) => {
  if (error) return fail(error);
  console.log(`round ${round.number} of ${round.generals.join(', ')}`);
  orchestrator.WatchRound({ number: round.number }).on('data', tell).on('error', fail);
});

function tell({ message, decision, ended }) {
  if (message) console.log(`${message.from} → ${message.to} in phase ${message.phase ?? 0}`);
  if (decision) console.log(`${decision.general} decides ${decision.vote}`);
  if (!ended) return;
  const { agreement, validity, termination } = ended.verdict;
  console.log(
    `agreement ${agreement.status}, validity ${validity.status}, termination ${termination.status}`,
  );
  orchestrator.close();
}

function fail({ code, details }) {
  console.error(`status ${code}: ${details}`);
  process.exit(1);
}
