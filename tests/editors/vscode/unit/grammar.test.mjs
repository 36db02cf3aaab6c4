import assert from 'node:assert/strict';
import { test } from 'node:test';
import { scopesAtMark } from './tokens.mjs';

const TAG_END = 'punctuation.definition.tag.end.xml';
const TAG_NAME = 'entity.name.tag.xml';
const CS_STRING = 'string.quoted.double.cs';

const cases = [
  // What a policy is made of.
  ['a tag has a name', '<¦set-header name="X" />', { has: [TAG_NAME] }],
  ['an attribute has a name', '<set-header ¦name="X" />', { has: ['entity.other.attribute-name.xml'] }],
  ['a value is a string', '<set-header name="¦X" />', { has: ['string.quoted.double.xml'], lacks: ['source.cs'] }],
  ['a tag may go over lines', '<set-header\n    ¦name="X"\n    exists-action="delete" />', { has: ['entity.other.attribute-name.xml'] }],
  ['the XML declaration is none of the policies', '<?¦xml version="1.0"?>\n<policies>', { has: ['meta.tag.preprocessor.xml'] }],

  // Expressions.
  ['an expression in a value is C#', '<when condition="@(¦context.Operation.Id == null)">', { has: ['source.cs', 'meta.embedded.expression.apim-policy'] }],
  ['a string in it does not end the value', '<when condition="@(context.Variables.ContainsKey("¦x"))">', { has: [CS_STRING] }],
  ['the tag ends after it', '<when condition="@(context.Variables.ContainsKey("x"))"¦>', { has: [TAG_END], lacks: ['source.cs', 'string.quoted.double.xml'] }],
  ['brackets in it are balanced', '<when condition="@(((IResponse)context.Variables["r"]).Body.As<JObject>()["t"].ToString() == "(")"¦>', { has: [TAG_END] }],
  ['a comparison in it opens no tag', '<when condition="@(a < b && c > d)" ¦id="x">', { has: ['entity.other.attribute-name.xml'] }],
  ['a character in it is no bracket', `<set-variable value="@(s.Split('(')[0])" ¦name="x" />`, { has: ['entity.other.attribute-name.xml'] }],
  ['single quotes around it', `<when condition='@(context.Url.Path.Contains("¦openai"))'>`, { has: [CS_STRING, 'string.quoted.single.xml'] }],
  ['the tag ends after single quotes', `<when condition='@(context.Url.Path.Contains("openai"))'¦>`, { has: [TAG_END] }],
  ['a block over lines is C#', '<set-variable name="x" value="@{\n    var a = "}";\n    ¦return a;\n}" />', { has: ['keyword.control.flow.return.cs'] }],
  ['the tag ends after a block', '<set-variable value="@{\n    var a = "}";\n    if (a == "") { return "{"; }\n    return a;\n}" ¦/>', { has: [TAG_END] }],
  ['a comment in a block may hold anything', '<set-body>@{\n    // doesn\'t start with "abc" {\n    return "¦x";\n}</set-body>', { has: [CS_STRING] }],
  ['a text after a block with a comment is XML', '<set-body>@{\n    // doesn\'t start with "abc" {\n    return "x";\n}</¦set-body>', { has: [TAG_NAME] }],
  ['generics in a text are no tag', '<set-body>@(context.Request.Body.As<string>(true))</¦set-body>', { has: [TAG_NAME] }],
  ['an interpolated string in a value', '<set-url>@($"https://{context.Request.Url.Host}/¦x")</set-url>', { has: [CS_STRING] }],
  ['a verbatim string in a value', '<set-body>@(@"a ""b"" (")</¦set-body>', { has: [TAG_NAME] }],
  ['an expression in CDATA is C#', '<set-body><![CDATA[@{ ¦return "<x>"; }]]></set-body>', { has: ['keyword.control.flow.return.cs'] }],
  ['the element ends after CDATA', '<set-body><![CDATA[@{ return "<x>"; }]]></¦set-body>', { has: [TAG_NAME] }],

  // Expressions that were written with entities.
  ['a string with entities', '<when condition="@(context.Variables.ContainsKey(&quot;¦x&quot;))">', { has: ['string.quoted.double.escaped.cs'] }],
  ['an address in it begins no comment', '<set-url url="@(Join(&quot;https://a&quot;, ¦b))" />', { has: ['source.cs'], lacks: ['string.quoted.double.escaped.cs', 'comment.line.double-slash.cs'] }],
  ['the tag ends after it', '<when condition="@(Has(&quot;//&quot;) &amp;&amp; a &lt; b)"¦>', { has: [TAG_END] }],
  ['an operator with entities', '<when condition="@(a ¦&lt; b)">', { has: ['constant.character.entity.xml'] }],

  // What is filled in later.
  ['a named value in a value', '<validate-azure-ad-token tenant-id="{{¦tenant}}">', { has: ['variable.other.named-value.apim-policy'] }],
  ['a named value in a text', '<audience>{{¦my-audience}}</audience>', { has: ['variable.other.named-value.apim-policy'] }],
  ['a named value in a C# string', '<set-url>@("{{¦host}}/x")</set-url>', { has: ['variable.other.named-value.apim-policy', CS_STRING] }],
  ['a named value in an interpolated string', '<set-url>@($"{{¦host}}/{x}")</set-url>', { has: ['variable.other.named-value.apim-policy'] }],
  ['a bare named value in C#', '<set-body>@{ var key = {{¦key}}; return key; }</set-body>', { has: ['variable.other.named-value.apim-policy'] }],
  ['the block goes on after it', '<set-body>@{ var key = {{key}}; ¦return key; }</set-body>', { has: ['keyword.control.flow.return.cs'] }],
  ['a placeholder in a value', '<set-backend-service base-url="${¦url}" />', { has: ['variable.parameter.placeholder.apim-policy'] }],
  ['a placeholder in C#', '<set-url>@("https://${¦host}" + x)</set-url>', { has: ['variable.parameter.placeholder.apim-policy'] }],
  ['a token of a release pipeline', '<set-backend-service base-url="#{¦Url}#" />', { has: ['variable.parameter.placeholder.apim-policy'] }],
  ['a directive between elements', '%{ ¦for origin in origins ~}<origin>${origin}</origin>%{ endfor ~}', { has: ['keyword.control.template.apim-policy'] }],
  ['a Liquid tag', '<set-body template="liquid">{% ¦if a %}<b>{{c}}</b>{% endif %}</set-body>', { has: ['keyword.control.liquid'] }],
  ['a Liquid value', '<set-body template="liquid">{{context.Variables["¦id"]}}</set-body>', { has: ['string.quoted.liquid'] }],

  // Comments.
  ['a policy in a comment is a comment', '<!--\n<set-header name="X">\n    ¦text\n</set-header>\n-->', { has: ['comment.block.xml'], lacks: [TAG_NAME] }],
  ['a comment ends', '<!-- <inbound> "@(" -->\n<¦policies>', { has: [TAG_NAME], lacks: ['comment.block.xml'] }],
  ['a suppression', '<!-- apim-policy: ¦ignore[SEC003] checked elsewhere -->', { has: ['keyword.control.suppression.apim-policy'] }],
  ['its code', '<!-- apim-policy: ignore[¦SEC003] checked elsewhere -->', { has: ['constant.other.code.apim-policy'] }],
  ['a stated scope', '<!-- ¦apim-policy: scope=mcp tools-from=orders-api -->', { has: ['keyword.other.apim-policy'] }],

  // A fault stays near its place.
  ['an expression that is not closed ends at the next policy', '<inbound>\n    <set-body>@(context.Request\n    </set-body>\n    <¦set-header name="X" />', { has: [TAG_NAME], lacks: ['source.cs'] }],
  ['a value that is not closed ends at the next policy', '<inbound>\n    <set-header name="X>\n    <¦base />', { has: [TAG_NAME], lacks: ['string.quoted.double.xml'] }],
  ['a block that is not closed ends with its section', '<inbound>\n    <set-variable value="@{ if (a) { return b; }" />\n</¦inbound>', { has: [TAG_NAME], lacks: ['source.cs'] }],
  ['a foreign tag in a C# string is no policy', '<set-body>@{\n    return @"<soap>\n</soap>¦x";\n}</set-body>', { has: [CS_STRING] }],
];

for (const [what, marked, { has, lacks = [] }] of cases) {
  test(what, () => {
    const scopes = scopesAtMark(marked);
    for (const scope of has) assert.ok(scopes.includes(scope), `${scope} is not among ${scopes.join(' ')}`);
    for (const scope of lacks) assert.ok(!scopes.includes(scope), `${scope} is among ${scopes.join(' ')}`);
  });
}
