"""One document that holds every form that real documents take, for tests that want them together."""

from __future__ import annotations

EVERY_FORM = """<?xml version="1.0" encoding="utf-8"?>
<!--
    IMPORTANT: policies stand in the <inbound>, <backend>, <outbound> and <on-error> sections.
    - <when condition="@(context.Variables.ContainsKey("x"))">
-->
<policies>
    <inbound>
        <base />
        <set-variable name="caller" value="@(context.Request.Headers.GetValueOrDefault("Authorization", ""))" />
        <set-variable name='scheme' value='@(((string)context.Variables["caller"]).Split(' ')[0])' />
        <set-variable name="token" value="@{
            // Doesn't do much: "a { b" isn't code.
            var jwt = ((string)context.Variables["caller"]).AsJwt(); /* it's ) } " */
            if (jwt == null && !context.Request.Url.Path.Contains("/*")) {
                return @"C:\\" + $"{(jwt?.Id ?? "}")}" + '}' + '\\'';
            }
            return $"{{Endpoint}}/dbs/{jwt.Claims.GetValueOrDefault("sub", "")}";
        }" />
        <set-variable name="escaped" value="@(context.Variables.GetValueOrDefault&lt;bool&gt;(&quot;https://x/(&quot;) &amp;&amp; true)" />
        <choose>
            <when condition="@(((IResponse)context.Variables["r"]).Body.As<JObject>()["n"].Value<int>() < 3)">
                <set-backend-service base-url="https://${host}/{{path}}" backend-id="{backend_id}" />
            </when>
            %{ if enabled ~}
            <when condition="@({{limit}} > #{limit}#)">
                <rate-limit-by-key calls="__CALLS__" renewal-period="%PERIOD%" counter-key="{{${key}}}" />
            </when>
            %{ endif ~}
            <otherwise>
                <set-header name="X-😀" exists-action="override">
                    <value>Bearer @(context.Variables["token"] + "😀")</value>
                </set-header>
            </otherwise>
        </choose>
        <cors>
            <allowed-origins>
                ${origins}
            </allowed-origins>
        </cors>
        <set-body template="liquid">
            <soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/">
                <id>{{context.Variables["id"]}}</id>
                {% if body.a < body.b %}<a b="{{ body.b }}" />{% endif %}
            </soapenv:Envelope>
        </set-body>
        <set-body><![CDATA[@{ return "<a></a>" + (1 > 0 && true); }]]></set-body>
        <set-body>@{
            return new JObject(new JProperty("list", new List<List<int>>())).ToString();
        }</set-body>
    </inbound>
    <!-- <backend>@(context.Nothing.Here)</backend> -->
    <outbound>
        <base/>
    </outbound>
</policies>
"""
