// The thread in which an own strategy runs: it loads the code, answers questions about places, and holds nothing else. Plain
// JavaScript, since Node 20 starts no thread from TypeScript. own-strategy.ts is the other end; both speak JSON, so that an answer is data.
import { parentPort, workerData } from 'node:worker_threads';

/** The file's function, or what is wrong with the file. */
async function load(url) {
  try {
    const { createPlan } = await import(url);
    if (typeof createPlan !== 'function') return { because: 'it exports no function createPlan' };
    return { createPlan };
  } catch (error) {
    return { because: wordsOf(error) };
  }
}

/** The answers for all places, or where it threw; `at` is -1 when it could not even begin. */
function answer(createPlan, { context, places }) {
  const answers = [];
  let at = -1;
  try {
    const plan = createPlan(context);
    for (at = 0; at < places.length; at += 1) answers.push(plan(places[at]));
    return { answers };
  } catch (error) {
    return { threw: wordsOf(error), at };
  }
}

function wordsOf(error) {
  return error instanceof Error ? error.message : String(error);
}

const { createPlan, because } = await load(workerData.url);
parentPort.postMessage(JSON.stringify({ because }));
parentPort.on('message', (text) => {
  parentPort.postMessage(JSON.stringify(JSON.parse(text).map((task) => answer(createPlan, task))));
});
