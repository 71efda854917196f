// Titles and bodies that would run in a page that did not escape them. Each would call `ran()`, or ask for /ran.

export const payloads = [
    '<script>ran()</script>', '<SCRIPT SRC=/ran></SCRIPT>', '<scr<script>ipt>ran()</scr</script>ipt>',
    '<img src=x onerror=ran()>', '<img src=/ran>', '<svg onload=ran()>', '<svg><script>ran()</script></svg>',
    '<svg/onload="ran()"//', '<body onload=ran()>', '<iframe src="javascript:ran()"></iframe>',
    '<iframe srcdoc="<script>parent.ran()</script>"></iframe>', '<object data=/ran></object>', '<embed src=/ran>',
    '<link rel=stylesheet href=/ran>', '<style>@import "/ran"</style>', '<style>*{background:url(/ran)}</style>',
    '<meta http-equiv=refresh content="0;url=/ran">', '<base href="//example.org/">', '<form action=/ran><button>x</button>',
    '<input autofocus onfocus=ran()>', '<details open ontoggle=ran()>', '<video><source onerror=ran()></video>',
    '<audio src=x onerror=ran()>', '<marquee onstart=ran()>', '<math><mtext><img src=x onerror=ran()></math>',
    '<a href="javascript:ran()">x</a>', '<template><img src=x onerror=ran()></template>',
    '" onmouseover="ran()" x="', "' onmouseover='ran()' x='", '" autofocus onfocus="ran()', '"><script>ran()</script>',
    "'><script>ran()</script>", '</title><script>ran()</script>', '</textarea><script>ran()</script>',
    '</mark></a><script>ran()</script>', '--><script>ran()</script><!--', ']]><script>ran()</script>',
    '<!--><img src=x onerror=ran()>', '<noscript><p title="</noscript><img src=x onerror=ran()>">',
    '&lt;script&gt;ran()&lt;/script&gt;', '&#60;script&#62;ran()', '\u003cscript\u003eran()', '%3Cscript%3Eran()',
    '<\u0000script>ran()', '<img\u000csrc=x\u000conerror=ran()>', '<img\u2028src=x onerror=ran()>',
    '\u202e<script>ran()</script>', '\u2066\u202e>tpircs<', '\uff1cscript\uff1eran()', '{{constructor.constructor("ran()")()}}',
    '${ran()}', 'javascript:ran()', '+ADw-script+AD4-ran()', '<x:script xmlns:x="http://www.w3.org/1999/xhtml">ran()</x:script>',
].map(text => text.replace('\u0000', ' ')); // an index has no NUL

export const urls = [
    'javascript:ran()', 'JaVaScRiPt:ran()', ' javascript:ran()', 'java\tscript:ran()', 'data:text/html,<script>ran()</script>',
    'vbscript:ran()', 'file:///etc/passwd', '//example.org/', '"onclick="ran()', 'https://example.org/"onmouseover="ran()',
    'http://example.org/<script>ran()</script>', 'blob:x', 'https:javascript', 'http:',
];
