import type { McpServer } from '../settings.ts';
import { type ReadLine, type ReadLines, readLines, readWord, writeWord } from './text-line.ts';

type Servers = Readonly<Record<string, McpServer>>;

/** MCP servers as lines, by alias: `slack https://mcp.staging.example.com http`. */
export function serversText(servers: Servers): string {
  return Object.entries(servers)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([alias, { url, transport }]) => [alias, url, transport].map(writeWord).join(' '))
    .join('\n');
}

/** Reads what `serversText` writes; without a transport it is `http`. Checked by `settingsSchema`. */
export function readServers(text: string): ReadLines<{ url: string; transport?: string }> {
  return readLines(text, readServer);
}

function readServer(line: string): ReadLine<{ url: string; transport?: string }> {
  const alias = readWord(line);
  const url = alias === null ? null : readWord(alias.rest);
  const transport = url === null ? null : readWord(url.rest);
  const isWhole = url !== null && (transport?.rest ?? url.rest).trim() === '';
  if (alias === null || url === null || !isWhole)
    return { problem: 'has to be ALIAS ADDRESS TRANSPORT, such as: slack https://mcp.example.com http' };
  return { name: alias.word, value: { url: url.word, ...(transport !== null && { transport: transport.word }) } };
}
