-- The founding case in a Neovim without a screen: findings in two files, the relay applied to both, and undone.
-- run.sh starts it with the client configuration in place and the workspace as working folder.

local PATIENCE_MS = 20000
local MCP = "apis/orders-mcp/policy.xml"
local API = "apis/orders-api/policy.xml"

local BROKEN_OFF = {}

local passed, failed = 0, 0

local function check(what, fine, detail)
  if fine then
    passed = passed + 1
  else
    failed = failed + 1
  end
  io.stdout:write(("%s  %s%s\n"):format(fine and "ok  " or "FAIL", what, not fine and detail and (": " .. detail) or ""))
  return fine
end

-- Waits for what the steps after it need; without it they are not tried. vim.wait keeps the event loop turning, so
-- that messages of the server are handled meanwhile.
local function eventually(what, probe, describe)
  if not check(what, vim.wait(PATIENCE_MS, probe, 20), describe and describe()) then
    error(BROKEN_OFF)
  end
end

local function open(path)
  vim.cmd("edit " .. vim.fn.fnameescape(path))
  return vim.api.nvim_get_current_buf()
end

local function text(buffer)
  return table.concat(vim.api.nvim_buf_get_lines(buffer, 0, -1, true), "\n")
end

local function on_disk(path)
  return table.concat(vim.fn.readfile(path), "\n")
end

local function code_of(diagnostic)
  -- Neovim 0.7 keeps the code only in what the server sent.
  return diagnostic.code or vim.tbl_get(diagnostic, "user_data", "lsp", "code")
end

local function finding(buffer, code)
  for _, diagnostic in ipairs(vim.diagnostic.get(buffer)) do
    if code_of(diagnostic) == code then
      return diagnostic
    end
  end
end

local function findings(buffer)
  return function()
    local list = vim.tbl_map(function(diagnostic)
      return ("%s %s"):format(code_of(diagnostic), diagnostic.message)
    end, vim.diagnostic.get(buffer))
    return #list == 0 and "no findings" or table.concat(list, "; ")
  end
end

local function clients()
  return (vim.lsp.get_clients or vim.lsp.get_active_clients)()
end

local function stop(client)
  -- Since 0.11 a method, before that a function of the table.
  if vim.fn.has("nvim-0.11") == 1 then
    client:stop()
  else
    client.stop()
  end
end

local function undo(buffer)
  vim.api.nvim_buf_call(buffer, function()
    vim.cmd("silent undo")
  end)
end

local function offered_title(item)
  -- Actions are wrapped in an item of the menu, since 0.10 by name; the answers to a question are not.
  local action = item.action or item[2] or item
  return action.title
end

local ASKED = "Does your gateway forward"
local ANSWER = "I do not know"
local asked, offered = 0, {}

-- Both kinds of menus: the server's question, answered, and the actions at the caret, of which the relay is taken.
local function answer_menus()
  vim.ui.select = function(items, options, choose)
    local wanted = ANSWER
    if (options.prompt or ""):find(ASKED, 1, true) then
      asked = asked + 1
    else
      wanted = "Relay"
      offered = vim.tbl_map(offered_title, items)
    end
    for index, item in ipairs(items) do
      if offered_title(item):find(wanted, 1, true) then
        return choose(item, index)
      end
    end
    choose(nil)
  end
  -- Neovim 0.7 puts a question of the server in a list with numbers.
  vim.fn.inputlist = function(lines)
    asked = asked + 1
    for _, line in ipairs(lines) do
      if line:find(ANSWER, 1, true) then
        return tonumber(line:match("%d+"))
      end
    end
    return 0
  end
end

local function main()
  answer_menus()
  local ordinary = open("notes/ordinary.xml")
  check("a document of another kind stays XML", vim.bo[ordinary].filetype == "xml", vim.bo[ordinary].filetype)
  local exported = open("notes/exported.xml")
  check("a policy is known by its root element", vim.bo[exported].filetype == "apim-policy", vim.bo[exported].filetype)

  local api = open(API)
  local mcp = open(MCP)
  check("the MCP server's policy has the filetype", vim.bo[mcp].filetype == "apim-policy", vim.bo[mcp].filetype)
  check("it is highlighted as XML", vim.bo[mcp].syntax == "xml", vim.bo[mcp].syntax)
  eventually("one server runs for all policies", function()
    return #clients() == 1 and clients()[1].initialized ~= false
  end)
  eventually("MCP001 is shown", function()
    return finding(mcp, "MCP001") ~= nil
  end, findings(mcp))
  eventually("MCP002 is shown in the API's policy", function()
    return finding(api, "MCP002") ~= nil
  end, findings(api))

  eventually("the server asks once what the gateway forwards", function()
    return asked == 1
  end, function()
    return asked .. " times"
  end)

  local found = finding(mcp, "MCP001")
  local line = vim.api.nvim_buf_get_lines(mcp, found.lnum, found.lnum + 1, true)[1]
  check("MCP001 stands at the header", line:find('set-header name="Authorization"', 1, true) ~= nil, line)
  check("MCP001 is a warning", found.severity == vim.diagnostic.severity.WARN, tostring(found.severity))
  check("it comes from apim-policy", found.source == "apim-policy", found.source)

  local before = { [mcp] = text(mcp), [api] = text(api) }
  vim.api.nvim_set_current_buf(mcp)
  vim.api.nvim_win_set_cursor(0, { found.lnum + 1, found.col })
  vim.lsp.buf.code_action()
  eventually("the menu offers the relay", function()
    return table.concat(offered, "\n"):find("Relay") ~= nil
  end, function()
    return #offered == 0 and "nothing was offered" or table.concat(offered, ", ")
  end)

  eventually("the relay is in both files", function()
    return text(mcp) ~= before[mcp] and text(api) ~= before[api]
  end)
  local key = "Ocp-Apim-Subscription-Key"
  check("the MCP server sends the header in the key", text(mcp):find(key, 1, true) ~= nil)
  check("the API takes it from there", text(api):find(key, 1, true) ~= nil)
  eventually("MCP001 and MCP002 are gone", function()
    return not finding(mcp, "MCP001") and not finding(api, "MCP002")
  end, function()
    return findings(mcp)() .. " | " .. findings(api)()
  end)
  vim.cmd("silent wall")
  check("both files are saved", on_disk(MCP) == text(mcp) and on_disk(API) == text(api))

  undo(mcp)
  undo(api)
  check("undo brings the MCP server's policy back", text(mcp) == before[mcp], text(mcp))
  check("undo brings the API's policy back", text(api) == before[api], text(api))
  eventually("MCP001 and MCP002 are back", function()
    return finding(mcp, "MCP001") ~= nil and finding(api, "MCP002") ~= nil
  end, function()
    return findings(mcp)() .. " | " .. findings(api)()
  end)

  check("it did not ask again", asked == 1, asked .. " times")

  for _, client in ipairs(clients()) do
    stop(client)
  end
  eventually("the server stops", function()
    return #clients() == 0
  end)
end

local fine, problem = xpcall(main, function(problem)
  return problem == BROKEN_OFF and problem or debug.traceback(problem)
end)
if not fine and problem ~= BROKEN_OFF then
  check("the test ran to its end", false, problem)
end
io.stdout:write(("%d passed, %d failed\n"):format(passed, failed))
vim.cmd(failed == 0 and "qall!" or "cquit!")
