// Passkeys: asks this site for a challenge, has the device answer it, and sends the answer with the form. The button shows only where it can work.
const toBytes = text => Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), letter => letter.charCodeAt(0))
const toText = bytes => btoa(String.fromCharCode(...new Uint8Array(bytes))).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '')
const listed = (list = []) => list.map(one => ({ ...one, id: toBytes(one.id) }))

for (const form of document.querySelectorAll('form[data-passkey]')) {
  if (!window.PublicKeyCredential) break
  form.hidden = false
  form.addEventListener('submit', event => {
    event.preventDefault()
    answer(form).catch(() => {
      form.querySelector('[data-notice]').textContent = 'That did not work. Try again, or use another way.'
    })
  })
}

async function answer (form) {
  form.querySelector('[data-notice]').textContent = ''
  const asked = await fetch(form.dataset.ask, { method: 'POST', body: new URLSearchParams({ csrf_token: form.elements.csrf_token.value }) })
  if (!asked.ok) throw new Error('refused')
  const options = await asked.json()
  const made = form.dataset.passkey === 'make' ? await make(options) : await show(options)
  form.elements.passkey.value = JSON.stringify(made)
  form.submit()
}

async function make (options) {
  const found = await navigator.credentials.create({
    publicKey: {
      ...options,
      challenge: toBytes(options.challenge),
      user: { ...options.user, id: toBytes(options.user.id) },
      excludeCredentials: listed(options.excludeCredentials)
    }
  })
  return said(found, {
    clientDataJSON: toText(found.response.clientDataJSON),
    attestationObject: toText(found.response.attestationObject)
  })
}

async function show (options) {
  const found = await navigator.credentials.get({
    publicKey: { ...options, challenge: toBytes(options.challenge), allowCredentials: listed(options.allowCredentials) }
  })
  return said(found, {
    clientDataJSON: toText(found.response.clientDataJSON),
    authenticatorData: toText(found.response.authenticatorData),
    signature: toText(found.response.signature),
    userHandle: found.response.userHandle ? toText(found.response.userHandle) : null
  })
}

function said (found, response) {
  return { id: found.id, rawId: toText(found.rawId), type: found.type, response }
}
