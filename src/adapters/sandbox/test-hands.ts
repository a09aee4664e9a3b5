import type { CheckedBlock } from './block-kit/blocks.ts';
import { presentModals } from './browser/present.ts';
import type { BotLink } from './dispatch/bot-link.ts';
import { blocksOf, findContainer, findElement, operateElement } from './dispatch/operate-element.ts';
import { actingPerson } from './dispatch/payload-parts.ts';
import { spellOut, spellOutState } from './dispatch/plain-choice.ts';
import { say } from './dispatch/say.ts';
import { homeOpened, isSubscribed, sendEvent, userChanged } from './dispatch/send-event.ts';
import { closeView, submitView } from './dispatch/submit-view.ts';
import { typeCommand } from './dispatch/type-command.ts';
import type { SandboxContainer } from './protocol.ts';
import type { Place, SlackStandIn } from './slack-stand-in.ts';
import type { SlackState } from './state/slack-state.ts';
import type { WebApi } from './web-api/web-api.ts';

/** Lets a test act as the people of the workspace, over the same paths as the page's requests. */
export function makeTestHands(
  state: SlackState,
  api: WebApi,
  bot: BotLink,
  closing: AbortSignal,
): Omit<SlackStandIn, 'url' | 'apiUrl' | 'stop'> {
  return {
    type: (as, channel, text) => typeCommand(state, bot, { as, channel, text }),
    say: (as, channel, text, threadTs) => say(state, { as, channel, text, ...(threadTs ? { threadTs } : {}) }),
    async click(as, where, actionId, { blockId, choose, entered = {} } = {}) {
      const container = containerOf(where);
      const blocks = blocksOf(findContainer(state, as, container));
      const wanted = { action_id: actionId, ...(blockId === undefined ? {} : { block_id: blockId }) };
      const chosen = choose === undefined ? {} : spellOut(findElement(blocks, wanted).element, choose);
      const { status, body } = await operateElement(state, bot, {
        as,
        container,
        action: { ...chosen, ...wanted },
        state: spellOutState(blocks, entered),
      });
      return { status, body };
    },
    submitView(as, viewId, values) {
      const blocks = blocksOf(findContainer(state, as, { type: 'view', viewId })) as CheckedBlock[];
      return submitView(state, bot, { as, viewId, state: spellOutState(blocks, values) });
    },
    closeView: (as, viewId) => closeView(state, bot, { as, viewId }),
    openHome: async (as) => {
      actingPerson(state, as);
      return isSubscribed(state, 'app_home_opened') ? sendEvent(state, bot, homeOpened(state, as), closing) : null;
    },
    uploadFile: (as, name, content) =>
      state.files.add({ name, content: Buffer.from(content), owner: actingPerson(state, as).id, readyAfterMs: 0 }),
    messages: (channel) => [...state.messages.list(channel)],
    imOf: (person) => state.directory.imOf(person),
    modals: (as) => presentModals(state, as),
    home: (as) => state.views.home(as)?.view ?? null,
    calls: api.log.calls,
    onChange: (listener) => state.onChange(listener),
    failNext: (method, failure, times) => api.failures.plan(method, failure, times),
    replayLast: (kind) => bot.replayLast(kind),
    signedPost: (body, headers = {}) =>
      bot.post(null, body, { 'content-type': 'application/x-www-form-urlencoded', ...headers }),
    sendEvent: (event) => sendEvent(state, bot, event, closing),
    setPerson(id, patch) {
      state.directory.setPerson(id, patch, state.settings.clock());
      if (isSubscribed(state, 'user_change'))
        sendEvent(state, bot, userChanged(state, id), closing).catch(() => undefined);
    },
    setBotMember: (channel, isMember) => state.directory.setBotMember(channel, isMember),
    limitRates: (on) => api.limitRates(on),
  };
}

function containerOf(where: Place): SandboxContainer {
  if ('home' in where) return { type: 'home' };
  return 'viewId' in where ? { type: 'view', viewId: where.viewId } : { type: 'message', ...where };
}
