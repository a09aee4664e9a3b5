import type { Confirm } from '@slack/types';
import { createContext, useContext } from 'react';
import { type Chosen, type Edits, editKey, type Interactive, initialValue } from './element-values.ts';

/** The blocks of one message or view: what is chosen in them, and how a choice reaches the bot. */
export interface BlockForm {
  edits: Edits;
  /** What a header block is here: the App Home's stand right below the page's own heading. */
  heading: 'h2' | 'h3';
  /** Errors by block id. */
  errors: Readonly<Record<string, string>>;
  /** The element whose action the bot is working on, by its edit key. */
  busy: string | null;
  change: (key: string, chosen: Chosen) => void;
  act: (blockId: string, element: Interactive, chosen: Chosen) => Promise<void>;
  /** Asks the person what the element wants confirmed; true when it may go on. */
  confirmed: (confirm: Confirm | undefined) => Promise<boolean>;
}

export const BlockFormContext = createContext<BlockForm | null>(null);

/** The form around an element. */
export function useBlockForm(): BlockForm {
  const form = useContext(BlockFormContext);
  if (form === null) throw new Error('useBlockForm is called outside of a block form');
  return form;
}

/** How one element is used: where it stands, and whether each choice goes to the bot at once. */
export interface ElementProps<Element extends Interactive> {
  element: Element;
  blockId: string;
  /** True in actions and beside sections, and for an input with `dispatch_action`. */
  dispatches: boolean;
  /** Ids of the label, and of the hint and error that describe the element, when it stands in an input block. */
  labelledBy?: string | undefined;
  describedBy?: string | undefined;
  invalid?: boolean;
}

/** What one element holds, and how to change it. */
export function useElement({ element, blockId, dispatches }: ElementProps<Interactive>): {
  chosen: Chosen;
  busy: boolean;
  choose: (chosen: Chosen) => Promise<void>;
  /** Changes what the element holds without telling the bot. */
  hold: (chosen: Chosen) => void;
  tell: (chosen: Chosen) => Promise<void>;
} {
  const { edits, busy, change, act, confirmed } = useBlockForm();
  const key = editKey(blockId, element);
  const tell = (chosen: Chosen) => act(blockId, element, chosen);
  return {
    chosen: edits.get(key) ?? initialValue(element) ?? {},
    busy: busy === key,
    hold: (chosen) => change(key, chosen),
    tell,
    choose: async (chosen) => {
      // A second click while the bot still works on the first one is the same wish.
      if (dispatches && busy === key) return;
      if (dispatches && !(await confirmed('confirm' in element ? element.confirm : undefined))) return;
      change(key, chosen);
      if (dispatches) await tell(chosen);
    },
  };
}
