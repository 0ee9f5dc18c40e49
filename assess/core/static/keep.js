// A link that is shown once: copying it, and the share sheet of the device. Without scripts the field and the plain links do.
const field = document.querySelector('[data-link]')
const notice = document.querySelector('[data-link-notice]')

if (field) {
  field.addEventListener('focus', () => field.select())
  offer('[data-link-copy]', navigator.clipboard, async () => {
    await navigator.clipboard.writeText(field.value)
    notice.textContent = 'The link is copied.'
  })
  offer('[data-link-share]', navigator.share, () => navigator.share({ text: field.dataset.text }))
  offer('[data-print]', window.print, () => window.print())
}

function offer (where, able, act) {
  const item = document.querySelector(where)
  if (!item || !able) return
  item.hidden = false
  item.querySelector('button').addEventListener('click', async () => {
    try {
      await act()
    } catch {
      notice.textContent = 'That did not work here. Copy the link from the field.'
    }
  })
}
