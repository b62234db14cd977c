// Figures as text, each with its unit; what is not known is a dash.

export const UNKNOWN = '–';

const known = (text) => (value) => (value === undefined || Number.isNaN(value) ? UNKNOWN : text(value));

export const milliseconds = known((ms) => {
  if (ms < 9.95) return `${ms.toFixed(1)} ms`;
  return ms < 9995 ? `${ms.toFixed(0)} ms` : `${(ms / 1000).toFixed(1)} s`;
});

export const bytes = known((count) => {
  if (count < 9995) return `${count.toFixed(0)} B`;
  return count < 999_500 ? `${(count / 1000).toFixed(1)} kB` : `${(count / 1e6).toFixed(1)} MB`;
});

export const share = known((part) => `${(part * 100).toFixed(0)} %`);

export const count = known((number) => number.toFixed(number < 99.95 ? 1 : 0));
