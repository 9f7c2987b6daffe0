// charts.mjs: from the rows of a section to the option of an ECharts chart.
// Its text is put into the page, where it runs in the browser; page.mjs runs
// it as well, for the pictures of the documents.

const colours = {
	platinum: '#3b5b92', gold: '#c9971c', silver: '#8796a5', iron: '#8a6a55',
	lead: '#5d6770', member: '#c3ccd4'
};
const ink = '#22303c';

function labelled(extra) {
	return { color: ink, fontSize: 12, ...extra };
}

// Two bars for each tier, back to back.
function pyramids(rows) {
	const side = (name, key, sign) => ({
		name, type: 'bar', stack: 'both', barWidth: '62%',
		label: { show: true, position: sign < 0 ? 'left' : 'right',
			formatter: p => Math.abs(p.value) + ' %', ...labelled() },
		data: rows.map(r => ({ value: sign * r[key], itemStyle: { color: colours[r.tier] + (sign < 0 ? '99' : '') } }))
	});
	const heading = (text, side) => ({ type: 'text', bottom: 6, [side]: '20%',
		style: { text, fill: ink, fontSize: 12, fontWeight: 'bold' } });
	return {
		grid: { left: 66, right: 8, top: 10, bottom: 34 },
		xAxis: { type: 'value', min: -85, max: 85, axisLabel: { show: false }, splitLine: { show: false } },
		yAxis: { type: 'category', inverse: true, data: rows.map(r => r.tier),
			axisLabel: labelled(), axisTick: { show: false }, axisLine: { onZero: true, lineStyle: { color: '#ffffff', width: 2 } }, position: 'left' },
		series: [side('customers', '% of customers', -1), side('revenue', '% of revenue', 1)],
		graphic: [heading('customers', 'left'), heading('revenue', 'right')]
	};
}

function lorenz(rows) {
	const points = rows.map(r => [r['% of customers'], r['% of revenue']]);
	const percent = (name) => ({
		type: 'value', min: 0, max: 100, interval: 25, name, nameLocation: 'middle',
		nameGap: 32, nameTextStyle: labelled(), axisLabel: { formatter: '{value} %', ...labelled() }
	});
	points.push([100, 100]);
	return {
		grid: { left: 64, right: 24, top: 16, bottom: 52 },
		xAxis: percent('of the customers, least first'),
		yAxis: { ...percent('of the revenue'), nameGap: 46, axisLabel: { formatter: '{value} %', showMinLabel: false, ...labelled() } },
		series: [
			{ type: 'line', data: [[0, 0], [100, 100]], showSymbol: false,
				lineStyle: { color: '#9aa5b1', type: 'dashed' }, silent: true },
			{ type: 'line', data: points, showSymbol: true, symbolSize: 5,
				itemStyle: { color: colours.platinum }, areaStyle: { color: colours.platinum, opacity: 0.12 },
				markPoint: { symbol: 'rect', symbolSize: 1, data: [{ coord: [30, 62], value: 0 }],
					label: { formatter: 'Gini ' + rows[0].gini, ...labelled({ fontSize: 14, fontWeight: 'bold' }) } } }
		]
	};
}

function movement(rows) {
	const [from, to] = Object.keys(rows[0]);
	const node = (tier, right) => ({
		name: (right ? 'to ' : '') + tier, depth: right ? 1 : 0,
		itemStyle: { color: colours[tier] },
		label: { formatter: tier, position: right ? 'left' : 'right', ...labelled() }
	});
	const tiers = Object.keys(colours).filter(t => rows.some(r => r[from] === t || r[to] === t));
	// there are so many that the others could not be seen
	const drawn = rows.filter(r => r[from] !== 'member' || r[to] !== 'member');
	return {
		series: [{
			type: 'sankey', left: 8, right: 8, top: 12, bottom: 26, nodeWidth: 14, nodeGap: 26,
			layoutIterations: 0, draggable: false, emphasis: { disabled: true },
			data: [...tiers.map(t => node(t, false)), ...tiers.map(t => node(t, true))],
			links: drawn.map(r => ({ source: r[from], target: 'to ' + r[to], value: r.customers,
				lineStyle: { color: 'source', opacity: 0.35, curveness: 0.5 } }))
		}],
		graphic: [
			{ type: 'text', left: 8, bottom: 4, style: { text: from, fill: ink, fontSize: 12, fontWeight: 'bold' } },
			{ type: 'text', right: 8, bottom: 4, style: { text: to, textAlign: 'right', fill: ink, fontSize: 12, fontWeight: 'bold' } }
		]
	};
}

function sizes(rows) {
	const tiers = Object.keys(rows[0]).slice(1);
	return {
		grid: { left: 44, right: 12, top: 34, bottom: 34 },
		legend: { top: 2, itemWidth: 14, textStyle: labelled(), data: tiers },
		xAxis: { type: 'category', data: rows.map(r => r.day.slice(0, 7)),
			axisLabel: { ...labelled(), hideOverlap: true, margin: 14 } },
		yAxis: { type: 'value', axisLabel: labelled() },
		series: tiers.map(t => ({ name: t, type: 'bar', stack: 'all', barWidth: '70%',
			itemStyle: { color: colours[t] }, data: rows.map(r => r[t]) }))
	};
}

export function option(chart, rows) {
	return { animation: false, backgroundColor: '#ffffff',
		textStyle: { fontFamily: 'Helvetica, Arial, sans-serif' },
		...{ pyramids, lorenz, movement, sizes }[chart](rows) };
}
