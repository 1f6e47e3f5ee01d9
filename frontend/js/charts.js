// <canvas data-chart="id">: draws the JSON of <script id="id" type="application/json"> (json_script):
// {"type": "bar" | "line", "labels": [...], "series": [{"label": "...", "data": [...]}]}; amounts are yen.
import {
  BarController,
  BarElement,
  CategoryScale,
  Chart,
  Legend,
  LinearScale,
  LineController,
  LineElement,
  PointElement,
  Tooltip,
} from "chart.js";

Chart.register(
  BarController,
  BarElement,
  CategoryScale,
  Legend,
  LinearScale,
  LineController,
  LineElement,
  PointElement,
  Tooltip,
);

Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;

const language = document.documentElement.lang || "ja";
const yen = new Intl.NumberFormat(language, { style: "currency", currency: "JPY" });
const short = new Intl.NumberFormat(language, { notation: "compact" });
const still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;

function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

// The canvas of older browsers does not read oklch(): let CSS turn it into rgb.
function painted(name, alpha = 1) {
  const context = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  context.fillStyle = colour(name);
  context.fillRect(0, 0, 1, 1);
  const [red, green, blue] = context.getImageData(0, 0, 1, 1).data;
  return `rgb(${red} ${green} ${blue} / ${alpha})`;
}

const TONES = ["--color-primary", "--color-secondary", "--color-accent", "--color-neutral"];

function series({ label, data }, index) {
  const name = TONES[index % TONES.length];
  return {
    label,
    data,
    backgroundColor: painted(name, 0.85),
    borderColor: painted(name),
    borderRadius: 3,
    borderWidth: 1,
    maxBarThickness: 36,
  };
}

function lines(datasets) {
  return datasets.map((set) => ({ ...set, borderWidth: 2, pointRadius: 3 }));
}

function options(count) {
  const text = painted("--color-base-content", 0.75);
  return {
    maintainAspectRatio: false,
    animation: still ? false : { duration: 300 },
    interaction: { mode: "index", intersect: false },
    plugins: {
      legend: { display: count > 1, labels: { color: text, boxWidth: 12, boxHeight: 12 } },
      tooltip: { callbacks: { label: (item) => `${item.dataset.label} ${yen.format(item.parsed.y)}` } },
    },
    scales: {
      x: { ticks: { color: text }, grid: { display: false }, border: { color: painted("--color-line") } },
      y: {
        beginAtZero: true,
        ticks: { color: text, maxTicksLimit: 5, callback: (value) => short.format(value) },
        grid: { color: painted("--color-line") },
        border: { display: false },
      },
    },
  };
}

function draw(canvas) {
  Chart.getChart(canvas)?.destroy();
  const { type, labels, series: sets } = JSON.parse(document.getElementById(canvas.dataset.chart).textContent);
  const datasets = sets.map(series);
  new Chart(canvas, {
    type,
    data: { labels, datasets: type === "line" ? lines(datasets) : datasets },
    options: options(sets.length),
  });
}

const drawAll = () => document.querySelectorAll("canvas[data-chart]").forEach(draw);
document.addEventListener("themechange", drawAll);
new MutationObserver(drawAll).observe(document.documentElement, { attributeFilter: ["class"] }); // the admin's theme
drawAll();
document.addEventListener("htmx:load", (event) => event.target.querySelectorAll("canvas[data-chart]").forEach(draw));
