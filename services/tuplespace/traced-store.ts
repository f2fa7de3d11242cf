/**
 * Traces through the space: a call that is part of a trace carries its context, and a store that traces makes a span of it.
 */
import type { Tracer } from '../runtime/index.js';
import type { TupleSpace } from './space.js';
import { type Around, SpaceAround } from './space-around.js';
import { type Store, storeWith } from './store.js';

/** The same spaces; each call is part of what `trace` names (W3C traceparent). An empty one is none. */
export function withTrace(space: TupleSpace, trace: string): TupleSpace {
  if (trace === '') return space;
  return new SpaceAround(() => space, {
    // What is known of the caller may be in getters, so no spreading.
    call: ({ options }, inside) => inside({ signal: options.signal, trace }),
    watch: ({ options }, inside) => inside({ signal: options.signal, trace }),
  });
}

/** The store, with a span for each call that is part of a trace. */
export function tracedStore(store: Store, tracer: Tracer): Store {
  const around = tracing(tracer);
  return storeWith(store, {
    session: (token) => {
      const session = store.session(token);
      return new SpaceAround(() => session, around);
    },
  });
}

function tracing(tracer: Tracer): Around {
  const begin = (name: string, space: string | undefined, parent: string) =>
    tracer.begin(`tuplespace.${name}`, {
      parent,
      kind: 'server',
      attributes: space === undefined ? {} : { 'tuplespace.space': space },
    });
  return {
    async call({ name, space, options }, inside) {
      if (options.trace === undefined) return inside(options);
      const span = begin(name, space, options.trace);
      try {
        const answer = await inside(options);
        span.end();
        return answer;
      } catch (error) {
        span.end(error);
        throw error;
      }
    },
    async *watch({ space, options }, inside) {
      if (options.trace === undefined) return yield* inside(options);
      const span = begin('watch', space, options.trace);
      try {
        yield* inside(options);
        span.end();
      } catch (error) {
        span.end(error);
        throw error;
      } finally {
        span.end();
      }
    },
  };
}
