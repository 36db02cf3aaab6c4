"""Secrets that are written out."""

from __future__ import annotations

import pytest

from support.policies import inbound, message
from support.workspaces import check

ONLY = ["SEC001"]
KEY = "qV9bT2mZk7Ws4Rf8Lp3XyH6NdJ0cGu5E1aOiBzQwMtKv"
ACCOUNT = "Zm9v" + KEY * 2
ACCOUNT_KEY = ACCOUNT[:86] + "=="
TOKEN = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9P"
CLIENT_SECRET = "b6Z8Q~CJn4myB0.3t-9pFJ5P1p4FyoQDFSf7Ea_W"


def mark(text: str) -> str:
    return f"{{|SEC001:{text}|}}"


def header(name: str, value: str) -> str:
    return f'<set-header name="{name}" exists-action="override"><value>{value}</value></set-header>'


def body(text: str) -> str:
    return f"<set-body>{text}</set-body>"


@pytest.mark.parametrize(
    "policies",
    [
        f'<authentication-basic username="u" password="{mark("hunter2")}" />',
        f'<authentication-basic username="u" password="{mark("P@ssw0rd")}" />',
        f'<proxy url="http://p:80" username="u" password="{mark("S3cure!Pass")}" />',
        f'<authentication-certificate body="{mark("MIIKcAIBAzCCCiwGCSqGSIb3DQEH")}" />',
        "<validate-jwt><issuer-signing-keys>"
        f"<key> {mark('c2lnbmluZy1rZXktb2YtdGhlLXNlcnZpY2U=')} </key>"
        "</issuer-signing-keys></validate-jwt>",
        header("x-functions-key", mark(KEY)),
        header("api-key", mark("a3f8e1b2c4d65079b1c2e8f40d97a65e")),
        header("api-key", mark("1234567890abcdef1234567890abcdef")),
        body(f'{{"password": "{mark("P@ss#word!")}"}}'),
        header("Authorization", f"SharedAccessSignature {mark('sr=a&amp;sig=' + KEY + '&amp;se=1')}"),
        header("Ocp-Apim-Subscription-Key", f'@("{mark(KEY)}")'),
        header("Authorization", f"Bearer {mark(TOKEN)}"),
        header("Authorization", f'@("Bearer {mark(TOKEN)}")'),
        header("Authorization", f"Basic {mark('YWRtaW46aHVudGVyMiE=')}"),
        header(
            "Authorization",
            f'@("Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes("{mark("admin:S3cr3t!")}")))',
        ),
        f'<set-variable name="dbPassword" value="{mark("hunter2")}" />',
        header("x-api-key", f"@(&quot;{mark(KEY)}&quot;)"),
        header("X-Other", f"sk-{'proj-'}{KEY}".replace("sk-", "{|SEC001:sk-") + "|}"),
        f'<set-query-parameter name="code" exists-action="override"><value>{mark(KEY)}</value></set-query-parameter>',
        f'<set-variable name="apiKey" value="{mark(KEY)}" />',
        f'<set-variable name="client-secret" value=\'@("{mark(KEY)}")\' />',
        f'<set-variable name="c" value="DefaultEndpointsProtocol=https;AccountName=a;AccountKey={mark(ACCOUNT_KEY)};EndpointSuffix=x" />',
        f'<set-variable name="c" value="Endpoint=sb://a/;SharedAccessKeyName=n;SharedAccessKey={mark(KEY)}=" />'.replace(
            "|}=", "=|}"
        ),
        f'<send-request mode="new" response-variable-name="r"><set-url>https://a.example.com/f?code={mark(KEY)}</set-url></send-request>',
        f'<send-request mode="new" response-variable-name="r"><set-url>https://a.blob.core.windows.net/c/b?sv=1&amp;sig={mark(KEY)}</set-url></send-request>',
        body(f'@("grant_type=client_credentials&client_id=a&client_secret={mark(CLIENT_SECRET)}&scope=x")'),
        body(f"grant_type=client_credentials&amp;client_secret={mark(KEY)}"),
        body(f'@($"&client_secret={{System.Uri.EscapeDataString("{mark(CLIENT_SECRET)}")}}")'),
        body(f'{{"user": "a", "password": "{mark("Tr0ub4dor-3")}"}}'),
        body(f'@("{{\\"client_secret\\": \\"{mark(KEY)}\\"}}")'),
        body(f'@(new JObject(new JProperty("client_secret", "{mark(KEY)}")).ToString())'),
        body(f'@{{ var o = new JObject(); o["apiKey"] = "{mark(KEY)}"; return o.ToString(); }}'),
        body(f'@{{ var password = "{mark("Tr0ub4dor-3")}"; return password; }}'),
        body(f'@(new Hmac("{mark(ACCOUNT_KEY)}"))'),
        body(mark("-----BEGIN RSA PRIVATE KEY-----") + "MIIE"),
    ],
)
def test_a_secret_is_found_where_it_stands(policies: str) -> None:
    check(inbound(policies), select=ONLY)


@pytest.mark.parametrize(
    "policies",
    [
        '<authentication-basic username="u" password="{{password}}" />',
        '<authentication-basic username="u" password="${password}" />',
        '<authentication-basic username="u" password="#{password}#" />',
        '<authentication-basic username="u" password="__PASSWORD__" />',
        '<authentication-basic username="u" password="your-password" />',
        '<authentication-basic username="u" password="" />',
        '<authentication-basic username="u" password="@((string)context.Variables["p"])" />',
        '<validate-jwt token-value="@(context.Request.Headers.GetValueOrDefault("X", ""))" />',
        header("api-key", "{{api-key}}"),
        header("api-key", "your-api-key-goes-here-1234567890"),
        header("api-key", "xxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
        header("api-key", "YOUR_API_KEY_1234567890ABCD"),
        header("api-key", '@((string)context.Variables["api-key-of-the-backend-1"])'),
        header("x-client-key", "b3f2a1c4-5d6e-4f70-8a9b-0c1d2e3f4a5b"),
        header("Authorization", "Bearer {{token}}"),
        header("Authorization", '@("Bearer " + (string)context.Variables["access-token-of-backend"])'),
        header(
            "Authorization", '@(context.Request.Headers.GetValueOrDefault("X-Authorization-Of-Caller-2", ""))'
        ),
        header("WWW-Authenticate", 'Basic realm="orders"'),
        '<set-query-parameter name="code" exists-action="override"><value>en-US-standard-2024-v1</value></set-query-parameter>',
        '<set-variable name="cacheAccessKey" value="orders/by.customer:v12-eu-2" />',
        header("idempotency-key", KEY),
        header("ETag", KEY),
        '<set-variable name="cache-key" value="orders-by-customer-v1-eu" />',
        '<set-variable name="tenantId" value="b3f2a1c4-5d6e-4f70-8a9b-0c1d2e3f4a5b" />',
        '<set-variable name="passwordUrl" value="https://example.com/reset/2024/step1" />',
        '<rate-limit-by-key calls="1" renewal-period="9" counter-key="@(context.Request.IpAddress)" />',
        body("client_id=b3f2a1c4-5d6e-4f70-8a9b-0c1d2e3f4a5b&amp;client_secret={{client-secret}}"),
        body('@("client_secret=" + (string)context.Variables["clientSecret1"])'),
        body('{"user": {"password": "anna@example.com", "secret": "see https://example.com/1"}}'),
        body('{"password": "string", "api_key": "<your key>"}'),
        body('@{ /* password = "Tr0ub4dor-3" */ return "x"; }'),
        body(f'@{{\n// var t = "{TOKEN}";\nreturn "x"; }}'),
        f"<!-- api-key: {KEY} password={KEY} -->",
        body("The password must have 8 characters. password: required"),
        '<return-response><set-status code="401" reason="password=missing" /></return-response>',
    ],
)
def test_what_is_no_secret(policies: str) -> None:
    check(inbound(policies), select=ONLY)


def test_the_message_does_not_show_the_secret() -> None:
    text = message(inbound(header("x-functions-key", mark(KEY))), ONLY)
    assert text == (
        'The value of "x-functions-key" is written out: "qV9…". Whoever reads the policy has it. Keep it in a secret '
        "named value or a key vault, refer to that, and replace it where it is used."
    )


def test_one_secret_is_one_finding() -> None:
    both = header("Authorization", f"Bearer {mark(TOKEN)}") + header("x-api-key", mark(CLIENT_SECRET))
    check(inbound(both), select=ONLY)
