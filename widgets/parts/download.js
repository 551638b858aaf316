// Hands a file to whoever sits before the browser: a blob, or what the server keeps under an address.
function save(blob, filename) {
  const address = URL.createObjectURL(blob)
  h("a", { href: address, download: filename }).click()
  setTimeout(() => URL.revokeObjectURL(address), 10_000)
}

const saveText = (text, filename, type) => save(new Blob([text], { type }), filename)

const fetchFile = (address, filename) => h("a", { href: new URL(address, location.href).href, download: filename }).click()
