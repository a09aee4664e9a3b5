import type { Button, WorkflowButton } from '@slack/types';
import { isSafeLink } from '../text/mrkdwn.ts';
import { PlainText } from '../text/mrkdwn-text.tsx';
import { type ElementProps, useElement } from './block-form-context.ts';

/** A button. One with an address opens it in a new tab and still tells the bot. */
export function ButtonElement(props: ElementProps<Button | WorkflowButton>) {
  const { element } = props;
  const { busy, choose } = useElement(props);
  const press = () => void choose('value' in element && element.value !== undefined ? { value: element.value } : {});
  const shared = {
    className: `button${element.style === undefined ? '' : ` button-${element.style}`}`,
    'aria-label': element.accessibility_label,
    onClick: press,
  };
  if ('url' in element && element.url !== undefined && isSafeLink(element.url)) {
    return (
      <a {...shared} href={element.url} target="_blank" rel="noopener noreferrer">
        <PlainText text={element.text.text} />
      </a>
    );
  }
  // "aria-disabled", not "disabled": a button that loses the focus while the bot works throws the keyboard off.
  return (
    <button {...shared} type="button" aria-busy={busy} aria-disabled={busy}>
      <PlainText text={element.text.text} />
    </button>
  );
}
