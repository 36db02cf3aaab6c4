-- Azure API Management policies in Neovim 0.7 or later: the filetype `apim-policy` and the language server for it.
-- Goes into a folder named `plugin` of the configuration; README.md says where and how to change what it does.

if vim.g.loaded_apim_policy then
  return
end
vim.g.loaded_apim_policy = true

local FILETYPE = "apim-policy"
local ROOTS = {
  policies = true,
  fragment = true,
  ["http-data-source"] = true,
  ["sql-data-source"] = true,
  ["cosmosdb-data-source"] = true,
  ["graphql-data-source"] = true,
}
-- A root element that stands further down than this, below comments, is not looked for.
local LINES_LOOKED_AT = 400

--- Whether the text is a policy document. Its root element decides, since such files have all sorts of names.
local function is_policy(text)
  local at = text:sub(1, 3) == "\239\187\191" and 4 or 1
  while true do
    at = text:find("%S", at)
    if not at then
      return false
    end
    local close = text:sub(at, at + 3) == "<!--" and "-->" or text:sub(at, at + 1) == "<?" and "?>"
    if not close then
      break
    end
    local _, last = text:find(close, at + 2, true)
    -- Extension manifests of the Eclipse platform have the root element "fragment" too.
    if not last or text:sub(at, at + 8) == "<?eclipse" then
      return false
    end
    at = last + 1
  end
  local name, attributes = text:match("^<([%a_][%w_.:-]*)([^<>]*)", at)
  if not name or not ROOTS[name] or not attributes:find("^[%s/]?") then
    return false
  end
  -- A fragment of a policy has no namespaces; the one of an Android layout declares its own.
  return not (name == "fragment" and attributes:find("%sxmlns[:=]"))
end

local function is_policy_buffer(buffer)
  local first = vim.api.nvim_buf_get_lines(buffer, 0, 1, false)[1] or ""
  if first:find("^[^%s<\239]") then
    return false
  end
  return is_policy(table.concat(vim.api.nvim_buf_get_lines(buffer, 0, LINES_LOOKED_AT, false), "\n"))
end

local function command()
  return vim.g.apim_policy_cmd or { "apim-policy", "lsp" }
end

local told = false
local function can_run()
  local program = command()[1]
  if vim.fn.executable(program) == 1 then
    return true
  end
  if not told then
    told = true
    vim.notify(
      ('The language server "%s" was not found. Install it with "pip install apim-policy", '):format(program)
        .. "or set vim.g.apim_policy_cmd to the command that runs it.",
      vim.log.levels.WARN
    )
  end
  return false
end

--- The folder that the server works on: the one with the settings, else the repository, else the file's own.
local function root_of(buffer)
  local folder = vim.fn.fnamemodify(vim.api.nvim_buf_get_name(buffer), ":p:h")
  local settings = vim.fn.findfile("apim-policy.toml", folder .. ";")
  if settings ~= "" then
    return vim.fn.fnamemodify(settings, ":p:h")
  end
  local git = vim.fn.finddir(".git", folder .. ";")
  if git == "" then
    git = vim.fn.findfile(".git", folder .. ";")
  end
  if git ~= "" then
    return (vim.fn.fnamemodify(git, ":p"):gsub("[/\\]+$", ""):gsub("[/\\]%.git$", ""))
  end
  local working = vim.fn.getcwd()
  return vim.startswith(folder .. "/", working .. "/") and working or folder
end

-- The filetype -------------------------------------------------------------------------------------------------------

if vim.fn.has("nvim-0.8") == 1 then
  vim.filetype.add({
    pattern = {
      [".*"] = {
        function(_, buffer)
          return buffer and is_policy_buffer(buffer) and FILETYPE or nil
        end,
        { priority = 10 },
      },
    },
  })
end

local group = vim.api.nvim_create_augroup("apim-policy", {})

if vim.fn.has("nvim-0.8") == 0 then
  vim.api.nvim_create_autocmd({ "BufRead", "BufNewFile" }, {
    group = group,
    callback = function(event)
      if is_policy_buffer(event.buf) then
        vim.bo[event.buf].filetype = FILETYPE
      end
    end,
  })
end

vim.api.nvim_create_autocmd("FileType", {
  group = group,
  pattern = FILETYPE,
  callback = function(event)
    vim.bo[event.buf].syntax = "xml"
    vim.bo[event.buf].commentstring = "<!-- %s -->"
  end,
})

-- The server ---------------------------------------------------------------------------------------------------------

if vim.lsp.config and vim.lsp.enable then
  vim.lsp.config("apim-policy", {
    cmd = command(),
    init_options = vim.g.apim_policy_settings,
    filetypes = { FILETYPE },
    root_dir = function(buffer, start_in)
      if can_run() then
        start_in(root_of(buffer))
      end
    end,
  })
  vim.lsp.enable("apim-policy")
  return
end

local running = {}

local function attach(buffer)
  local config = {
    name = "apim-policy",
    cmd = command(),
    init_options = vim.g.apim_policy_settings,
    root_dir = root_of(buffer),
  }
  if vim.lsp.start then
    vim.lsp.start(config)
    return
  end
  local root = config.root_dir
  config.on_exit = function()
    running[root] = nil
  end
  running[root] = running[root] or vim.lsp.start_client(config)
  if running[root] then
    vim.lsp.buf_attach_client(buffer, running[root])
  end
end

vim.api.nvim_create_autocmd("FileType", {
  group = group,
  pattern = FILETYPE,
  callback = function(event)
    if vim.bo[event.buf].buftype == "" and can_run() then
      attach(event.buf)
    end
  end,
})
