-- A session of Neovim with `verify lsp`, for the tests: every step waits for the server, and
-- leaves with an error where it waits in vain.
local command = vim.fn.json_decode(vim.env.VERIFY_LSP)
local patience = 90000

local function say(...)
  io.stderr:write(table.concat({ ... }, ' '), '\n')
end

local function wait(what, condition)
  if not vim.wait(patience, condition, 20) then
    say('waited in vain for', what)
    vim.cmd('cquit 1')
  end
end

local function codes()
  local found = {}
  for _, diagnostic in ipairs(vim.diagnostic.get(0)) do
    local lsp = diagnostic.user_data and diagnostic.user_data.lsp or {}
    table.insert(found, lsp.code or diagnostic.code)
  end
  return table.concat(found, ' ')
end

local function run()
  local buffer = vim.api.nvim_get_current_buf()
  local client = vim.lsp.start_client({ name = 'verify', cmd = command, root_dir = vim.fn.getcwd() })
  vim.lsp.buf_attach_client(buffer, client)
  wait('the first mark', function() return #vim.diagnostic.get(buffer) > 0 end)
  say('marked:', codes())

  local mark = vim.diagnostic.get(buffer)[1]
  vim.api.nvim_win_set_cursor(0, { mark.lnum + 1, mark.col })
  local place = vim.lsp.util.make_position_params()
  local answers = vim.lsp.buf_request_sync(buffer, 'textDocument/hover', place, patience)
  local hover = answers[client].result
  say('hover:', hover.contents.value:find('1.5', 1, true) and 'ok' or hover.contents.value)

  local range = vim.lsp.util.make_range_params()
  range.context = { diagnostics = vim.lsp.diagnostic.get_line_diagnostics(buffer) }
  answers = vim.lsp.buf_request_sync(buffer, 'textDocument/codeAction', range, patience)
  local action = answers[client].result[1]
  say('action:', action.title)
  vim.lsp.util.apply_workspace_edit(action.edit, vim.lsp.get_client_by_id(client).offset_encoding)
  vim.cmd('write')
  wait('the mark to go', function() return codes() == 'not-recorded' end)
  say('left:', codes())

  vim.lsp.stop_client(client)
  wait('the server to end', function() return vim.lsp.client_is_stopped(client) end)
end

vim.api.nvim_create_autocmd('VimEnter', {
  callback = function()
    vim.schedule(function()
      local ok, problem = pcall(run)
      if not ok then
        say(problem)
        vim.cmd('cquit 1')
      end
      vim.cmd('quitall!')
    end)
  end,
})
