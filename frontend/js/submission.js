// Who goes back to a form that was sent, and sends the same again, sends it under the same key: it is carried out once.
// Kept with the page in the history; of what was typed a number only.
export function sendUnderItsKey(form) {
  const field = form.querySelector("input[name=submission]");
  if (!field) return;
  const data = new FormData(form);
  data.delete("csrfmiddlewaretoken");
  data.delete(field.name);
  const text = new URLSearchParams(data).toString();
  const content = [...text].reduce((sum, letter) => (sum * 31 + letter.codePointAt(0)) % 0x7fffffff, 7);
  const sent = history.state?.sent;
  if (sent?.content === content) field.value = sent.key;
  else history.replaceState({ ...history.state, sent: { content, key: field.value } }, "");
}
