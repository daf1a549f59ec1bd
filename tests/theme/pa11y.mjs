// Checks every address given with pa11y, in one Chromium, and prints what it found as JSON.
import pa11y from "pa11y";
import puppeteer from "puppeteer";

const browser = await puppeteer.launch({
  executablePath: process.env.CHROMIUM,
  args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
});
const found = {};
for (const address of process.argv.slice(2)) {
  const { issues } = await pa11y(address, { browser, standard: "WCAG2AA", timeout: 60000 });
  if (issues.length) found[address] = issues.map((issue) => [issue.code, issue.message, issue.context]);
}
await browser.close();
console.log(JSON.stringify(found));
