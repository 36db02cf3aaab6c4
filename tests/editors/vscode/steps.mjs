// Steps that build on one another: each is counted, and the first that fails ends the test.

const started = Date.now();
let passed = 0;

export async function step(what, act) {
  try {
    await act();
  } catch (error) {
    console.log(`FAIL  ${what}`);
    throw error;
  }
  passed += 1;
  console.log(`ok    ${what} (${((Date.now() - started) / 1000).toFixed(1)} s)`);
}

/** Runs the test, cleans up whatever happens, and prints the count that run.sh adds up. */
export async function main(test, { cleanUp, onFailure, limit }) {
  const interrupted = new Promise((_, stop) => {
    for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => stop(new Error(signal)));
    setTimeout(() => stop(new Error(`not done after ${limit} ms`)), limit).unref();
  });
  let failed = 0;
  try {
    await Promise.race([test(), interrupted]);
  } catch (error) {
    failed = 1;
    console.log(error);
    await onFailure();
  } finally {
    await cleanUp();
  }
  console.log(`${passed} passed, ${failed} failed`);
  process.exit(failed);
}
