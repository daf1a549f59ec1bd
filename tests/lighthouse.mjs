/* Runs Lighthouse on a page: node lighthouse.mjs CHROMIUM ADDRESS RUNS LEAST prints the scores of each
   run. It ends before RUNS if the median of so many can't be below LEAST any more in any category. */
import { launch } from "chrome-launcher";
import lighthouse from "lighthouse";

const CATEGORIES = ["performance", "accessibility", "best-practices", "seo"];
const NOT_RECORDED = ["NO_NAVSTART", "NO_TRACING_STARTED"]; // by Chromium: says nothing of a page
const TRIES = 3;

const [chromePath, address, runs, least] = process.argv.slice(2);
const found = [];
while (found.length < Number(runs) && !isDecided()) found.push(await scores());
console.log(JSON.stringify(found));

function isDecided() {
  return CATEGORIES.every(
    (name) => found.filter((run) => run[name] >= Number(least)).length > Number(runs) / 2,
  );
}

async function scores() {
  for (let tries = 1; ; tries++) {
    const { lhr, error } = await visit().catch((error) => ({ error }));
    const fault = error ?? lhr.runtimeError;
    if (!fault) {
      return Object.fromEntries(CATEGORIES.map((name) => [name, lhr.categories[name].score]));
    }
    if (tries === TRIES || !NOT_RECORDED.includes(fault.code)) {
      throw error ?? new Error(`${fault.code}: ${fault.message}`);
    }
  }
}

/* A browser for each run: what one has seen must not help the next. */
async function visit() {
  const chrome = await launch({
    chromePath,
    chromeFlags: [
      "--headless=new",
      "--no-sandbox",
      "--disable-gpu",
      "--disable-background-networking",
    ],
  });
  try {
    return await lighthouse(address, {
      port: chrome.port,
      logLevel: "error",
      onlyCategories: CATEGORIES,
    });
  } finally {
    await chrome.kill();
  }
}
