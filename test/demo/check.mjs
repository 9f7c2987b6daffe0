// check.mjs FOLDER: is demo.html in a folder as it should be?  Prints TAP.
//
// In headless Chromium, at the width of a desk and of a phone: each chart has
// marks, none of its texts overlaps another or is cut off, nothing makes the
// page wider than its window, and no section covers another.  The pictures
// have marks, too.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';

const folder = resolve(process.argv[2]);
const require = createRequire(join(folder, 'npm', 'package.json'));
const { chromium } = require('playwright-core');
let count = 0;

function ok(good, name, ...notes) {
	console.log((good ? 'ok' : 'not ok') + ' ' + ++count + ' - ' + name);
	if (!good)
		notes.forEach(note => console.log('# ' + JSON.stringify(note)));
}

// Runs in the page: what is wrong with it.
function look() {
	const overlap = (a, b, by) => a.left + by < b.right && b.left + by < a.right && a.top + by < b.bottom && b.top + by < a.bottom;
	const inside = (a, b, by) => a.left >= b.left - by && a.right <= b.right + by && a.top >= b.top - by && a.bottom <= b.bottom + by;
	const sections = [...document.querySelectorAll('section')];
	const report = { wide: [], covered: [], charts: {} };

	for (const e of document.querySelectorAll('body *')) {
		const box = e.getBoundingClientRect();
		if (!e.closest('pre, .rows') && box.width > 0 && (box.left < -1 || box.right > innerWidth + 1))
			report.wide.push(e.tagName + ' ' + e.className);
	}
	if (document.documentElement.scrollWidth > innerWidth)
		report.wide.push('page');
	sections.forEach((a, i) => sections.slice(i + 1).forEach(b => {
		if (overlap(a.getBoundingClientRect(), b.getBoundingClientRect(), 1))
			report.covered.push([a.id, b.id]);
	}));
	for (const section of sections) {
		const svg = section.querySelector('.chart svg');
		const frame = section.querySelector('.chart').getBoundingClientRect();
		const texts = svg ? [...svg.querySelectorAll('text')].map(t => ({ text: t.textContent, box: t.getBoundingClientRect() })) : [];
		const marks = svg ? [...svg.querySelectorAll('path')].filter(p => {
			const box = p.getBoundingClientRect();
			const fill = p.getAttribute('fill');
			return box.width > 1 && box.height > 1 && fill && fill !== 'none' && fill !== '#ffffff';
		}).length : 0;
		const crossed = [];
		texts.forEach((a, i) => texts.slice(i + 1).forEach(b => {
			if (overlap(a.box, b.box, 1.5))
				crossed.push([a.text, b.text]);
		}));
		const box = (e) => e.getBoundingClientRect();
		report.charts[section.id] = { marks, texts: texts.length, crossed,
			cut: texts.filter(t => !inside(t.box, frame, 1)).map(t => t.text),
			covered: overlap(frame, box(section.querySelector('pre')), 1) || overlap(box(section.querySelector('pre')), box(section.querySelector('.rows')), 1),
			rows: section.querySelectorAll('tbody tr').length, query: section.querySelector('pre').textContent.length };
	}
	return report;
}

const browser = await chromium.launch({ executablePath: process.env.CHROMIUM || '/usr/bin/chromium',
	args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'] });
const expected = { pyramids: 8, lorenz: 14, movement: 16, sizes: 30 };

for (const width of [1280, 390]) {
	const page = await browser.newPage({ viewport: { width, height: 900 } });
	const errors = [];
	const asked = [];

	page.on('pageerror', e => errors.push(e.message));
	page.on('console', m => m.type() === 'error' && errors.push(m.text()));
	page.on('request', r => r.url().startsWith('file:') || r.url().startsWith('data:') || asked.push(r.url()));
	await page.goto('file://' + join(folder, 'demo.html'));
	await page.waitForFunction(n => document.querySelectorAll('.chart svg').length === n, Object.keys(expected).length, { timeout: 20000 }).catch(() => {});
	const report = await page.evaluate(look);
	ok(errors.length === 0, width + ': no error', ...errors);
	ok(asked.length === 0, width + ': nothing is fetched', ...asked);
	ok(report.wide.length === 0, width + ': nothing is wider than the window', ...report.wide);
	ok(report.covered.length === 0, width + ': no section covers another', ...report.covered);
	for (const [chart, marks] of Object.entries(expected)) {
		const found = report.charts[chart] || { crossed: [], cut: [] };
		ok(found.marks >= marks && found.texts > 3, width + ': ' + chart + ' has marks and texts', found);
		ok(found.crossed.length === 0, width + ': ' + chart + ' has no text over another', ...found.crossed);
		ok(found.cut.length === 0, width + ': ' + chart + ' cuts no text off', ...found.cut);
		ok(found.covered === false, width + ': ' + chart + ', its SQL and its table stand apart', found);
		ok(found.rows >= 4 && found.query > 100, width + ': ' + chart + ' has SQL and rows', found);
	}
	await page.close();
}
await browser.close();
for (const [chart, marks] of Object.entries(expected)) {
	const svg = readFileSync(join(folder, 'pictures', chart + '.svg'), 'utf8');
	ok(svg.startsWith('<svg') && (svg.match(/<path/g) || []).length >= marks, 'picture of ' + chart, svg.slice(0, 200));
}
console.log('1..' + count);
