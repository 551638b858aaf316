// Links to other tools, from names and addresses: in a tab of their own, which learns nothing of this page. What is no
// address of the web leads nowhere.
const anchors = (pairs) => (pairs ?? []).filter(([, url]) => /^https?:\/\//i.test(url)).map(([name, url]) => h("a", {
  className: "away", href: url, target: "_blank", rel: "noopener noreferrer", title: url, textContent: name,
  onclick: (event) => event.stopPropagation(), onkeydown: (event) => event.stopPropagation(),
}))
