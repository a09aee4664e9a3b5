import type { HomeView, ModalView } from '@slack/types';
import { z } from 'zod';
import { checkView } from '../block-kit/check-blocks.ts';
import type { SlackState } from '../state/slack-state.ts';
import type { StoredView } from '../state/views.ts';
import { parseJsonArgument } from './argument-types.ts';
import { isShowableFile } from './file-json.ts';
import { SlackApiError } from './slack-api-error.ts';
import { viewJson } from './view-json.ts';
import { webApiMethod } from './web-api-method.ts';

const withTrigger = z.object({ trigger_id: z.string(), view: z.unknown() });

const open = webApiMethod('views.open', { tier: 'tier4', args: withTrigger }, (state, args) => {
  state.tickets.checkTrigger(args.trigger_id);
  const view = checkedModal(state, args.view);
  const trigger = state.tickets.redeemTrigger(args.trigger_id);
  return { view: viewJson(state, state.views.open(trigger.person, view)) };
});

const push = webApiMethod('views.push', { tier: 'tier4', args: withTrigger }, (state, args) => {
  const { viewId } = state.tickets.checkTrigger(args.trigger_id);
  const view = checkedModal(state, args.view);
  if (viewId === null) throw new SlackApiError('not_found');
  const trigger = state.tickets.redeemTrigger(args.trigger_id);
  return { view: viewJson(state, state.views.push(trigger.person, viewId, view)) };
});

const update = webApiMethod(
  'views.update',
  {
    tier: 'tier4',
    args: z.object({
      view_id: z.string().optional(),
      external_id: z.string().optional(),
      hash: z.string().optional(),
      view: z.unknown(),
    }),
  },
  (state, args) => {
    const stored =
      args.view_id !== undefined
        ? state.views.find(args.view_id)
        : state.views.findByExternalId(args.external_id ?? '');
    if (!stored) throw new SlackApiError('not_found');
    const view = stored.view.type === 'home' ? checkedHome(state, args.view) : checkedModal(state, args.view, stored);
    refuseStaleHash(stored, args.hash);
    return { view: viewJson(state, state.views.update(stored, view)) };
  },
);

const publish = webApiMethod(
  'views.publish',
  { tier: 'tier4', args: z.object({ user_id: z.string(), hash: z.string().optional(), view: z.unknown() }) },
  (state, args) => {
    const person = state.directory.people.get(args.user_id);
    if (!person || person.isBot || person.deleted) throw new SlackApiError('user_not_found');
    const view = checkedHome(state, args.view);
    const before = state.views.home(person.id);
    if (before) refuseStaleHash(before, args.hash);
    return { view: viewJson(state, state.views.publishHome(person.id, view)) };
  },
);

export const viewMethods = [open, push, update, publish];

/** Checks a modal; its `external_id` may not be another open view's. */
export function checkedModal(state: SlackState, raw: unknown, replaced?: StoredView): ModalView {
  const view = checkView(parseJsonArgument(raw, 'invalid_arguments'), 'modal', (reference) =>
    isShowableFile(state, reference),
  );
  const holder = view.external_id ? state.views.findByExternalId(view.external_id) : null;
  if (holder && holder.id !== replaced?.id) throw new SlackApiError('duplicate_external_id');
  return view;
}

function checkedHome(state: SlackState, raw: unknown): HomeView {
  return checkView(parseJsonArgument(raw, 'invalid_arguments'), 'home', (reference) =>
    isShowableFile(state, reference),
  );
}

function refuseStaleHash(stored: StoredView, hash: string | undefined): void {
  if (hash !== undefined && hash !== stored.hash) throw new SlackApiError('hash_conflict');
}
