import { randomBytes } from 'node:crypto';
import type { HomeView, ModalView } from '@slack/types';
import { SlackApiError } from '../web-api/slack-api-error.ts';

/** At most three modals on top of each other. */
const MAX_DEPTH = 3;

export interface StoredView<V extends ModalView | HomeView = ModalView | HomeView> {
  id: string;
  /** Changes with every update; a stale one makes `views.update` answer `hash_conflict`. */
  hash: string;
  person: string;
  view: V;
  rootId: string;
  previousId: string | null;
  /** Errors by block id from the last refused submission. */
  errors: Record<string, string>;
  /** What the person entered so far, as the last interaction told. */
  values: Record<string, Record<string, unknown>>;
}

export type ViewChange = { type: 'modals'; person: string } | { type: 'home'; person: string };

/** Each person's stack of open modals and App Home tab. */
export class ViewStore {
  readonly #stacks = new Map<string, StoredView<ModalView>[]>();
  readonly #homes = new Map<string, StoredView<HomeView>>();
  readonly #announce: (change: ViewChange) => void;
  readonly #clock: () => number;

  constructor(clock: () => number, announce: (change: ViewChange) => void) {
    this.#clock = clock;
    this.#announce = announce;
  }

  stack(person: string): readonly StoredView<ModalView>[] {
    return this.#stacks.get(person) ?? [];
  }

  home(person: string): StoredView<HomeView> | null {
    return this.#homes.get(person) ?? null;
  }

  /** An open modal or a Home tab; null for a modal that was closed. */
  find(id: string): StoredView | null {
    const all: StoredView[] = [...[...this.#stacks.values()].flat(), ...this.#homes.values()];
    return all.find((stored) => stored.id === id) ?? null;
  }

  findByExternalId(externalId: string): StoredView | null {
    const all: StoredView[] = [...[...this.#stacks.values()].flat(), ...this.#homes.values()];
    return all.find((stored) => stored.view.external_id === externalId) ?? null;
  }

  /** Opens a modal for a person; what was open goes. */
  open(person: string, view: ModalView): StoredView<ModalView> {
    const opened = this.#fresh(person, view);
    this.#setStack(person, [opened]);
    return opened;
  }

  /** Puts a modal on top of another one that is still open. */
  push(person: string, onTopOf: string, view: ModalView): StoredView<ModalView> {
    const stack = this.stack(person);
    const below = stack.at(-1);
    if (!below || !stack.some(({ id }) => id === onTopOf)) throw new SlackApiError('not_found');
    if (stack.length >= MAX_DEPTH) throw new SlackApiError('push_limit_reached');
    const pushed = { ...this.#fresh(person, view), rootId: below.rootId, previousId: below.id };
    this.#setStack(person, [...stack, pushed]);
    return pushed;
  }

  /** Replaces the content of a modal or Home tab. What was entered stays where a block and action of those ids remain. */
  update(stored: StoredView, view: ModalView | HomeView): StoredView {
    const updated = { ...stored, view, hash: this.#hash(), errors: {} };
    if (view.type === 'home') {
      this.#homes.set(stored.person, updated as StoredView<HomeView>);
      this.#announce({ type: 'home', person: stored.person });
    } else {
      this.#replace(updated as StoredView<ModalView>);
    }
    return updated;
  }

  /** Publishes a person's Home tab, whose id never changes. */
  publishHome(person: string, view: HomeView): StoredView<HomeView> {
    const before = this.home(person);
    const published = before ? { ...before, view, hash: this.#hash() } : this.#fresh(person, view);
    this.#homes.set(person, published);
    this.#announce({ type: 'home', person });
    return published;
  }

  setErrors(stored: StoredView<ModalView>, errors: Record<string, string>): void {
    this.#replace({ ...stored, errors });
  }

  setValues(stored: StoredView, values: StoredView['values']): void {
    const kept = this.find(stored.id);
    if (kept) kept.values = values;
  }

  close(stored: StoredView<ModalView>): void {
    this.#setStack(
      stored.person,
      this.stack(stored.person).filter(({ id }) => id !== stored.id),
    );
  }

  closeAll(person: string): void {
    this.#setStack(person, []);
  }

  #replace(changed: StoredView<ModalView>): void {
    this.#setStack(
      changed.person,
      this.stack(changed.person).map((stored) => (stored.id === changed.id ? changed : stored)),
    );
  }

  #setStack(person: string, stack: StoredView<ModalView>[]): void {
    this.#stacks.set(person, stack);
    this.#announce({ type: 'modals', person });
  }

  #fresh<V extends ModalView | HomeView>(person: string, view: V): StoredView<V> {
    const id = `V${randomBytes(6).toString('hex').toUpperCase()}`;
    return { id, hash: this.#hash(), person, view, rootId: id, previousId: null, errors: {}, values: {} };
  }

  #hash(): string {
    return `${Math.floor(this.#clock() / 1_000)}.${randomBytes(4).toString('hex')}`;
  }
}
