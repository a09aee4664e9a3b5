import { renderToStaticMarkup } from 'react-dom/server';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { MrkdwnText } from '../../../src/adapters/sandbox/page/text/mrkdwn-text.tsx';
import { type Workspace, WorkspaceContext } from '../../../src/adapters/sandbox/page/workspace-context.ts';
import type { SandboxPerson } from '../../../src/adapters/sandbox/protocol.ts';

const person = (id: string, realName: string): SandboxPerson => ({
  id,
  name: id.toLowerCase(),
  realName,
  title: '',
  colour: '#123456',
  isAdmin: false,
  isBot: false,
});
const dana = person('U0DANA', 'Dana Weber');
const workspace: Workspace = {
  team: { id: 'T0', name: 'Harbour', domain: 'harbour' },
  me: dana,
  bot: null,
  people: new Map([
    [dana.id, dana],
    ['U0LEE', person('U0LEE', '<b>Lee</b>')],
  ]),
  channels: new Map([['C0GEN', { id: 'C0GEN', name: 'general', kind: 'channel', topic: '', botIsMember: true }]]),
  go: () => undefined,
};

const drawn = (text: string) =>
  renderToStaticMarkup(
    <WorkspaceContext value={workspace}>
      <MrkdwnText text={text} />
    </WorkspaceContext>,
  );

beforeEach(() => vi.stubGlobal('location', new URL('http://127.0.0.1:3001/')));

describe('a drawn text', () => {
  it('names people, marks the one who looks, and escapes what their names contain', () => {
    const html = drawn('<@U0DANA> asks <@U0LEE>');
    expect(html).toContain('<span class="mention mention-me">@Dana Weber</span>');
    expect(html).toContain('@&lt;b&gt;Lee&lt;/b&gt;');
  });

  it('shows the label of somebody who is not in this workspace', () => {
    expect(drawn('<@U0GONE|gone>')).toContain('@gone');
  });

  it('leads to known channels and shows the signs of known shortcodes only', () => {
    const html = drawn('<#C0GEN> :white_check_mark: :no_such_sign:');
    expect(html).toMatch(/<button[^>]*>#general<\/button>/);
    expect(html).toContain('aria-label="white check mark">✅');
    expect(html).toContain(':no_such_sign:');
  });

  it('opens other sites in a tab that cannot reach back, and permalinks of this sandbox in place', () => {
    expect(drawn('<https://example.com|x>')).toContain(
      '<a href="https://example.com" target="_blank" rel="noopener noreferrer">x</a>',
    );
    const own = drawn('<http://localhost:3001/archives/C0GEN/p1700000000000100|card>');
    expect(own).not.toContain('target=');
  });
});
