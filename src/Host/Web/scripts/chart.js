// Draws bars above a table of days and amounts:
//   <div class="chart">
//     <div class="chart-plot" aria-hidden="true"></div>
//     <details class="more"><summary>Show the figures</summary>
//       <table data-chart data-chart-unit="1000000">
//         … <tr><th scope="row">Nov 14</th><td class="num" data-amount="1920000">$1.92 USD</td></tr> …
// The table is what counts, and stays: for who cannot see the bars, and where there are no scripts. What a bar says is
// the text of its row, so that dates and money are written by the server alone.
import uPlot from 'uplot';

const numbers = new Intl.NumberFormat(document.documentElement.lang || 'en', { maximumFractionDigits: 2 });

let drawn = [];
drawAll();
document.addEventListener('swapped', drawAll);

function drawAll() {
  drawn = drawn.filter(one => one.plot.isConnected || one.end());
  for (const table of document.querySelectorAll('table[data-chart]')) {
    const plot = table.closest('.chart')?.querySelector('.chart-plot');
    if (plot && !plot.firstChild) drawn.push({ plot, end: bars(plot, table) });
  }
}

/** Draws them; what is returned takes them away for good. */
function bars(plot, table) {
  const rows = [...table.tBodies[0].rows].map(row => {
    const cell = row.querySelector('[data-amount]');
    return { day: row.cells[0].textContent.trim(), said: cell.textContent.trim(), amount: Number(cell.dataset.amount) };
  });
  const unit = Number(table.dataset.chartUnit || 1);
  const data = [rows.map((_, at) => at), rows.map(row => row.amount / unit)];
  const tip = document.createElement('div');
  tip.className = 'chart-tip';
  tip.hidden = true;
  let chart;

  const draw = () => {
    chart?.destroy();
    chart = new uPlot(options(), data, plot);
    chart.over.append(tip);
  };
  draw();
  const resized = new ResizeObserver(() => chart.setSize(size()));
  const lit = matchMedia('(prefers-color-scheme: dark)');
  resized.observe(plot);
  lit.addEventListener('change', draw);
  return () => {
    resized.disconnect();
    lit.removeEventListener('change', draw);
    chart.destroy();
  };

  function size() {
    return { width: plot.clientWidth, height: plot.clientHeight };
  }

  function options() {
    const style = getComputedStyle(plot);
    const token = name => style.getPropertyValue(name).trim();
    const font = `12px ${style.fontFamily}`;
    const axis = { stroke: token('--tk-muted'), font, ticks: { show: false }, gap: 6 };
    return {
      ...size(),
      padding: [10, 18, 0, 0],
      legend: { show: false },
      cursor: { x: false, y: false, points: { show: false }, drag: { setScale: false, x: false, y: false } },
      scales: { x: { time: false, range: [-0.6, rows.length - 0.4] }, y: { range: (_, low, high) => [Math.min(0, low), high > 0 ? high * 1.05 : 1] } },
      series: [{}, {
        fill: token('--tk-brand'),
        width: 0,
        paths: uPlot.paths.bars({ size: [0.66, 28], radius: [0.15, 0], gap: 0 }),
        points: { show: false },
      }],
      axes: [
        { ...axis, size: 26, grid: { show: false }, splits: days, values: (_, at) => at.map(one => rows[one]?.day ?? '') },
        { ...axis, size: (_, values) => 10 + 7 * Math.max(2, ...(values ?? []).map(one => one.length)), space: 36,
          grid: { stroke: token('--tk-line'), width: 1 }, values: (_, at) => at.map(one => numbers.format(one)) },
      ],
      hooks: { setCursor: [point] },
    };
  }

  /** Few enough days that their names have room, the last one among them. */
  function days(chart) {
    const step = Math.max(1, Math.ceil(rows.length / Math.max(2, Math.floor(chart.width / 90))));
    const at = [];
    for (let one = rows.length - 1; one >= 0; one -= step) at.unshift(one);
    return at;
  }

  function point(chart) {
    const at = chart.cursor.idx;
    tip.hidden = at == null || chart.cursor.left < 0;
    if (tip.hidden) return;
    tip.textContent = `${rows[at].day}: ${rows[at].said}`;
    const half = tip.offsetWidth / 2;
    const left = Math.min(Math.max(chart.valToPos(at, 'x'), half), chart.over.clientWidth - half);
    tip.style.left = `${left}px`;
    tip.style.top = `${Math.max(chart.valToPos(data[1][at], 'y'), tip.offsetHeight)}px`;
  }
}
