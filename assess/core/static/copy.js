// Texts to copy: a button beside each where the browser can. Without it, whoever opens a text selects and copies it.
for (const place of document.querySelectorAll('[data-copy]')) {
  const text = place.parentElement.querySelector('textarea')
  const notice = place.parentElement.querySelector('[role=status]')
  place.hidden = !navigator.clipboard
  place.querySelector('button').addEventListener('click', async () => {
    try {
      await navigator.clipboard.writeText(text.value)
      notice.textContent = 'The text is copied.'
    } catch {
      text.select()
      notice.textContent = 'That did not work here. Copy the text from the field.'
    }
  })
}
