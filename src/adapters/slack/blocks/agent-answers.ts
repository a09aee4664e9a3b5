import type { UseCases } from '../../../use-cases/use-cases.ts';
import { MORE_AGENTS } from '../actions/action-ids.ts';
import type { Answer } from '../answers/answer.ts';
import { button } from './button.ts';
import { fitMessage } from './fit-message.ts';
import { environment, moment, typed } from './mrkdwn.ts';
import { buttons, IMPORTANCE, section } from './parts.ts';
import { escaped } from './text.ts';

type Agents = Awaited<ReturnType<UseCases['listAgents']>>;

/** `/towpath agents` */
export function agentsAnswer({ items, cursor }: Agents, asked: { environment?: string }): Answer {
  if (items.length === 0) {
    const token = typed('/towpath token create NAME --environment ENVIRONMENT --scope resolve,runs,agents');
    return { text: `No agent has registered. ${token} makes a token that one can register with.` };
  }
  const more = cursor === null ? null : button(MORE_AGENTS, 'More', { cursor, ...asked });
  return fitMessage('Agents', [
    section('*Agents*', IMPORTANCE.essential),
    ...items.map((agent) => section(agentLines(agent), IMPORTANCE.needed)),
    ...buttons([more]),
  ]);
}

function agentLines(agent: Agents['items'][number]): string {
  const release = agent.release === null ? '' : `, release ${escaped(agent.release, 60)}`;
  return [
    `*${escaped(agent.name, 130)}* in ${environment(agent.environment)}${release}`,
    `Last seen ${moment(agent.lastSeenAt)} by the token ${escaped(agent.token, 80)}, here since ${moment(agent.registeredAt)}`,
  ].join('\n');
}
