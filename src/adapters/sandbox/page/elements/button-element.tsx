import type { Button, WorkflowButton } from '@slack/types';
import { PlainText } from '../text/mrkdwn-text.tsx';
import { isSafeLink } from '../text/mrkdwn-token.ts';
import { useLink } from '../text/use-link.ts';
import { type ElementProps, useElement } from './block-form-context.ts';

/** A button. One with an address opens it and tells the bot as well. */
export function ButtonElement(props: ElementProps<Button | WorkflowButton>) {
  const { element } = props;
  const linkTo = useLink();
  const { busy, choose } = useElement(props);
  const press = () => void choose('value' in element && element.value !== undefined ? { value: element.value } : {});
  const shared = {
    className: `button${element.style === undefined ? '' : ` button-${element.style}`}`,
    'aria-label': element.accessibility_label,
  };
  if ('url' in element && element.url !== undefined && isSafeLink(element.url)) {
    return (
      <a {...shared} {...linkTo(element.url, press)}>
        <PlainText text={element.text.text} />
      </a>
    );
  }
  // "aria-disabled", not "disabled": a button that loses the focus while the bot works throws the keyboard off.
  return (
    <button {...shared} type="button" onClick={press} aria-busy={busy} aria-disabled={busy}>
      <PlainText text={element.text.text} />
    </button>
  );
}
