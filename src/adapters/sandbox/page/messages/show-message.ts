/** Brings a message into sight and lets it glow, as soon as its conversation is drawn. */
export function showMessage(channel: string, ts: string, tries = 20): void {
  const message = document.getElementById(`message-${channel}-${ts}`);
  if (message === null) {
    if (tries > 0) requestAnimationFrame(() => showMessage(channel, ts, tries - 1));
    return;
  }
  message.scrollIntoView({ block: 'center' });
  message.classList.remove('message-shown');
  // Reading a size makes the browser forget the animation, so that a second visit glows again.
  void message.offsetWidth;
  message.classList.add('message-shown');
}
