/* Runs pa11y on pages: node pa11y.mjs CHROMIUM ADDRESS… prints what it found as JSON. */
import pa11y from "pa11y";
import puppeteer from "puppeteer";

const [executablePath, ...addresses] = process.argv.slice(2);
const browser = await puppeteer.launch({
  executablePath,
  args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
});
const found = [];
for (const address of addresses) {
  const { issues } = await pa11y(address, { browser, standard: "WCAG2AA", timeout: 60000 });
  found.push(...issues.map(({ code, context, message }) => ({ address, code, context, message })));
}
await browser.close();
console.log(JSON.stringify(found));
