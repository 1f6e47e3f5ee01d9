// Who goes back to a form that was sent, and sends the same again, sends it under the same keys: it is carried out once.
// Kept with the page in the history; of what was typed a number only.
const KEYS = "input[name=submission], input[name=_submission]";

export function sendUnderItsKeys(form) {
  const fields = [...form.querySelectorAll(KEYS)];
  if (!fields.length) return;
  const data = new FormData(form);
  for (const name of ["csrfmiddlewaretoken", ...fields.map((field) => field.name)]) data.delete(name);
  const text = new URLSearchParams(data).toString();
  const content = [...text].reduce((sum, letter) => (sum * 31 + letter.codePointAt(0)) % 0x7fffffff, 7);
  const sent = history.state?.sent;
  if (sent?.content === content) fields.forEach((field, at) => (field.value = sent.keys[at]));
  else history.replaceState({ ...history.state, sent: { content, keys: fields.map((field) => field.value) } }, "");
}
