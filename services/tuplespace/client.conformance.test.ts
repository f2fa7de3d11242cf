/**
 * The client over the service over the memory store keeps every promise that the store keeps, with either transport.
 */
import { ManualClock } from '../runtime/index.js';
import { type ConformanceSubject, plainConformance, tupleSpaceConformance } from './conformance.suite.js';
import type { TupleSpace } from './space.js';
import { TestService } from './testing/running-service.js';

const services: TestService[] = [];

afterAll(async () => {
  await Promise.all(services.map((service) => service.stop()));
});

async function openClientSubject(transport: 'pipe' | 'unary'): Promise<ConformanceSubject> {
  const clock = new ManualClock();
  const enrolmentSecret = 'a secret of the tests';
  const progressMs = 5_000;
  const service = await TestService.start({ clock, store: { enrolmentSecret, progressMs } });
  services.push(service);
  const clients = new Map<string, TupleSpace>();
  return {
    as(token) {
      const client = clients.get(token) ?? service.client({ token, transport, retry: { attemptsMax: 1 } });
      clients.set(token, client);
      return client;
    },
    enrolmentSecret,
    unitMs: 1_000,
    progressMs,
    elapse: async (ms) => clock.advance(ms),
    // The clients stay: what they make of a service that has stopped is part of the suite.
    stop: () => service.stopService(),
  };
}

tupleSpaceConformance('the client with a pipe', () => openClientSubject('pipe'));
plainConformance('the client with unary calls', () => openClientSubject('unary'));
