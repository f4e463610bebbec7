const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

export const escape = (text: string): string => text.replaceAll(/[&<>"]/g, (each) => entities[each] ?? '');

/** The Markdown that the dashboard's texts use: headings, numbered lists, paragraphs, bold, code, links. */
export const ofMarkdown = (markdown: string): string =>
  markdown
    .split(/\n{2,}/)
    .map(block)
    .join('');

function block(text: string): string {
  const heading = /^(#+) (.*)$/.exec(text);
  if (heading)
    return `<h${heading[1]?.length ?? 1}>${inlineOf(heading[2] ?? '')}</h${heading[1]?.length ?? 1}>`;
  const lines = text.split('\n');
  if (!lines.every((line) => /^\d+\. /.test(line))) return `<p>${inlineOf(text)}</p>`;
  return `<ol>${lines.map((line) => `<li>${inlineOf(line.replace(/^\d+\. /, ''))}</li>`).join('')}</ol>`;
}

const inlineOf = (text: string): string =>
  escape(text)
    .replaceAll(/\*\*(.+?)\*\*/g, '<strong>$1</strong>')
    .replaceAll(/`(.+?)`/g, '<code>$1</code>')
    .replaceAll(/\[(.+?)\]\((https:.+?)\)/g, '<a href="$2">$1</a>');
