/**
 * For tests: spaces that fail some calls, as those of a service with a bug do.
 */
import { ServiceError } from '../../runtime/index.js';
import type { Connect } from '../../tuplespace/index.js';
import { type CallFacts, SpaceAround } from '../../tuplespace/space-around.js';

export interface PlantedFailures {
  /** How many more such calls fail. */
  left: number;
  readonly name: CallFacts['name'];
  /** Fails before the call has its effect, or after it. */
  readonly when: 'before' | 'after';
}

/** Fails calls on the spaces of rounds. */
export function failing(connect: Connect, planted: PlantedFailures): Connect {
  return (token) => {
    const connection = connect(token);
    const space = new SpaceAround(() => connection.space, {
      async call({ name, space, options }, inside) {
        const isMeant = name === planted.name && space?.startsWith('round-') === true;
        if (!isMeant || planted.left === 0) return inside(options);
        planted.left -= 1;
        if (planted.when === 'after') await inside(options);
        throw new ServiceError('internal', 'planted by the test');
      },
      watch: ({ options }, inside) => inside(options),
    });
    return { space, close: () => connection.close() };
  };
}
