/* Runs Lighthouse on a page: node lighthouse.mjs CHROMIUM ADDRESS RUNS prints the scores of each run. */
import { launch } from "chrome-launcher";
import lighthouse from "lighthouse";

const CATEGORIES = ["performance", "accessibility", "best-practices", "seo"];
const TRIES = 3; // of a run whose trace Chromium did not record: that says nothing of a page

const [chromePath, address, runs] = process.argv.slice(2);
const found = [];
for (let run = 0; run < Number(runs); run++) found.push(await scores());
console.log(JSON.stringify(found));

async function scores() {
  for (let left = TRIES; ; left--) {
    try {
      const { lhr } = await visit();
      if (!lhr.runtimeError) {
        return Object.fromEntries(CATEGORIES.map((name) => [name, lhr.categories[name].score]));
      }
      if (left === 1) throw new Error(lhr.runtimeError.message);
    } catch (error) {
      if (left === 1) throw error;
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
