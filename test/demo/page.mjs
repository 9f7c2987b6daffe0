// page.mjs FOLDER: writes demo.html and pictures/*.svg into a folder, from the
// queries of page.sql, run by psql in the database of the demo.
//
// demo.html is one page that needs nothing else: charts by Apache ECharts, and
// beside each table the SQL that made it.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { option } from './charts.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const folder = process.argv[2];
const require = createRequire(join(folder, 'npm', 'package.json'));
const echarts = require('echarts');

function escaped(text) {
	return String(text).replace(/[&<>"]/g, c => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[c]);
}

// The rows of a query, each an object with its columns in order.
function run(query) {
	const json = execFileSync('psql', ['-X', '-q', '-A', '-t', '-v', 'ON_ERROR_STOP=1', '-f', '-'], {
		input: "SET TimeZone = 'UTC'; SELECT json_agg(to_json(q)) FROM (" + query.replace(/;\s*$/, '') + ') AS q;',
		encoding: 'utf8', stdio: ['pipe', 'pipe', 'inherit']
	});
	return JSON.parse(json);
}

function sections() {
	return readFileSync(join(here, 'page.sql'), 'utf8').split(/^-- ## /m).slice(1).map(part => {
		const [, chart, title, text, query] = part.match(/^(\w+): (.*)\n((?:-- .*\n)*)([^]*?)\s*$/);
		return { chart, title, text: text.replace(/^-- /gm, '').replace(/\n/g, ' ').trim(),
			query: query.replace(/\t/g, '    '), rows: run(query) };
	});
}

function table(rows) {
	const cell = (tag, text, value) => '<' + tag + (typeof value === 'number' ? ' class="number"' : '') + '>' + escaped(text) + '</' + tag + '>';
	return '<table><thead><tr>' + Object.entries(rows[0]).map(([c, v]) => cell('th', c, v)).join('') + '</tr></thead><tbody>' +
		rows.map(r => '<tr>' + Object.values(r).map(v => cell('td', v, v)).join('') + '</tr>').join('\n') + '</tbody></table>';
}

function page(all) {
	const library = readFileSync(require.resolve('echarts/dist/echarts.min.js'), 'utf8');
	const data = JSON.stringify(all.map(({ chart, rows }) => ({ chart, rows }))).replace(/</g, '\\u003c');
	return `<!DOCTYPE html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>customer_tier: the demo</title>
<style>
	body { margin: 0 auto; max-width: 1180px; padding: 0 16px 48px; color: #22303c;
		font: 16px/1.5 Helvetica, Arial, sans-serif; background: #f4f6f8; }
	section { background: #fff; border: 1px solid #d8dee4; border-radius: 6px; padding: 4px 20px 20px; margin: 24px 0; }
	.chart { height: 340px; }
	.both { display: grid; grid-template-columns: minmax(0, 1fr) auto; gap: 20px; align-items: start; }
	pre, .rows { overflow-x: auto; margin: 0; border: 1px solid #d8dee4; border-radius: 4px; }
	pre { padding: 10px 12px; font-size: 13px; background: #f8f9fb; }
	table { border-collapse: collapse; width: 100%; font-size: 13px; }
	th, td { padding: 3px 10px; text-align: left; border-bottom: 1px solid #e6eaee; white-space: nowrap; }
	.number { text-align: right; }
	@media (max-width: 800px) { .both { grid-template-columns: minmax(0, 1fr); } section { padding: 4px 12px 12px; } }
</style>
<h1>customer_tier: the demo</h1>
<p>2,000 made-up customers of a wholesaler. Each table is what the SQL beside it returns.</p>
${all.map(s => `<section id="${s.chart}">
<h2>${escaped(s.title)}</h2>
<p>${escaped(s.text)}</p>
<div class="chart" role="img" aria-label="${escaped(s.title)}"></div>
<div class="both"><pre>${escaped(s.query)}</pre><div class="rows">${table(s.rows)}</div></div>
</section>`).join('\n')}
<script>${library.replace(/<\/script/g, '<\\/script')}</script>
<script type="module">
${readFileSync(join(here, 'charts.mjs'), 'utf8').replace('export function', 'function')}
const charts = ${data}.map(({ chart, rows }) => {
	const drawn = echarts.init(document.querySelector('#' + chart + ' .chart'), null, { renderer: 'svg' });
	drawn.setOption(option(chart, rows));
	return drawn;
});
addEventListener('resize', () => charts.forEach(c => c.resize()));
</script>
</html>
`;
}

// Drawn here, without a browser.
function picture({ chart, rows }) {
	const drawn = echarts.init(null, null, { renderer: 'svg', ssr: true, width: 760, height: 320 });
	drawn.setOption(option(chart, rows));
	const svg = drawn.renderToSVGString();
	drawn.dispose();
	return svg;
}

const all = sections();
writeFileSync(join(folder, 'demo.html'), page(all));
mkdirSync(join(folder, 'pictures'), { recursive: true });
for (const section of all)
	writeFileSync(join(folder, 'pictures', section.chart + '.svg'), picture(section) + '\n');
