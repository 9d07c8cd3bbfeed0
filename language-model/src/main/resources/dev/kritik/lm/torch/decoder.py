# SPDX-License-Identifier: Apache-2.0
# The decoder, as TorchScript: compiled at run time by libtorch's own compiler, no Python anywhere. This is the dialect of
# TorchScript archives: `torch.x` is the ATen operator x, types are numbers (6 float32, 7 float64, 4 int64, 11 bool).
#
# Words used here
#   segment  the cached keys and values of tokens that several rows begin with; read by all of them, written once
#   group    the rows that begin with the same segment (or with none), their own keys and values in one block of memory
#   row      one text; its own tokens stand behind those of its segment. Position = length of the segment + place in the row
#   chunk    tokens of a prompt that are computed in one step
#
# One thread owns a module. What it holds of segments and groups is freed by drop_segment and drop_group.
class Decoder(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool
  layers : int
  heads : int
  kv_heads : int
  head_dim : int
  eps : float
  scale : float
  attention_cap : float
  final_cap : float
  gelu : bool
  qk_norm : bool
  norm_plus_one : bool
  sandwich_norms : bool
  embedding_scale : float
  fast : bool
  window : int
  windowed : List[bool]
  rope_theta : float
  rope_kind : int
  rope_factor : float
  rope_low : float
  rope_high : float
  rope_original : int
  files : List[Tensor]
  raw : List[Tensor]
  top : List[Tensor]
  weights : List[List[Tensor]]
  frequencies : List[Tensor]
  constants : List[Tensor]
  tables : List[Tensor]
  segments : Dict[int, List[Tensor]]
  groups : Dict[int, List[Tensor]]
  last_logits : Dict[int, Tensor]

  # ---- Weights ---------------------------------------------------------------------------------------------------------

  # Adds the next tensor of the checkpoint, in the order in which `finish_loading` takes them; offset and length in elements.
  def add(self: __torch__.Decoder, file: int, offset: int, length: int, shape: List[int], wanted: int, device: str) -> None:
    part = torch.narrow(self.files[file], 0, offset, length)
    self.raw.append(torch.to(torch.reshape(part, shape), torch.device(device), wanted))

  # The same for a tensor that another module lends.
  def add_tensor(self: __torch__.Decoder, tensor: Tensor, wanted: int) -> None:
    self.raw.append(torch.to(tensor, wanted, False, True))

  # Forgets the weights, for others to be added. What is not made of them stays.
  def begin_loading(self: __torch__.Decoder) -> None:
    # Not by new empty lists: libtorch finds them to be alike, and makes them one.
    self.top.clear()
    self.weights.clear()
    self.raw.clear()

  # Gives a weight that the checkpoint does not have its neutral value: an empty tensor is "none".
  def add_none(self: __torch__.Decoder) -> None:
    self.raw.append(torch.empty([0]))

  # Adds a tensor that was added before: tied embeddings.
  def add_again(self: __torch__.Decoder, index: int) -> None:
    self.raw.append(self.raw[index])

  def join(self: __torch__.Decoder, parts: List[Tensor]) -> Tensor:
    if torch.numel(parts[0]) == 0:
      return parts[0]
    return torch.cat(parts, 0)

  def norm_weight(self: __torch__.Decoder, weight: Tensor) -> Tensor:
    if self.norm_plus_one and torch.numel(weight) > 0:
      return torch.add(torch.to(weight, 6), 1)
    return weight

  # Joins what is multiplied with the same input: one matrix product is faster than three. With `fast`, the weights of norms
  # and the square root of the width go into the matrices behind them, and matrices are packed for the processor.
  def finish_loading(self: __torch__.Decoder) -> None:
    raw = self.raw
    self.raw = annotate(List[Tensor], [])
    final_norm = self.norm_weight(raw[1])
    self.top.append(raw[0])
    self.top.append(final_norm)
    self.top.append(self.matrix(raw[2], final_norm))
    none = torch.empty([0])
    at = 3
    for l in range(self.layers):
      own = annotate(List[Tensor], [])
      attention_norm = self.norm_weight(raw[at])
      own.append(attention_norm)
      own.append(self.matrix(torch.cat([raw[at + 1], raw[at + 2], raw[at + 3]], 0), attention_norm))
      own.append(self.join([raw[at + 4], raw[at + 5], raw[at + 6]]))
      if self.qk_norm:
        q_norm = torch.expand(torch.unsqueeze(raw[at + 7], 0), [self.heads, -1])
        k_norm = torch.expand(torch.unsqueeze(raw[at + 8], 0), [self.kv_heads, -1])
        own.append(torch.cat([q_norm, k_norm, torch.ones_like(k_norm)], 0))
      else:
        own.append(none)
      own.append(self.matrix(raw[at + 9], none))
      own.append(raw[at + 10])
      after = self.norm_weight(raw[at + 11])
      before = after
      if self.sandwich_norms:
        before = self.norm_weight(raw[at + 18])
      own.append(after)
      own.append(self.matrix(torch.cat([raw[at + 12], raw[at + 13]], 0), before))
      own.append(self.join([raw[at + 14], raw[at + 15]]))
      own.append(self.matrix(raw[at + 16], none))
      own.append(raw[at + 17])
      own.append(before)
      own.append(self.norm_weight(raw[at + 19]))
      self.weights.append(own)
      for i in range(20):
        raw[at + i] = none
      at = at + 20
    self.files = annotate(List[Tensor], [])

  # Once, behind the first `finish_loading`.
  def prepare(self: __torch__.Decoder) -> None:
    self.frequencies.append(torch.to(self.inverse_frequencies(), self.top[0].device))
    # For `unit`: width times epsilon. For `angles`: what each head of a projection is (0 query, 1 key, 2 value).
    device = self.top[0].device
    self.constants.append(torch.full([1, 1], self.eps * float(torch.size(self.top[0], 1)), dtype=6, device=device))
    kinds = annotate(List[int], [])
    for i in range(self.heads + 2 * self.kv_heads):
      kinds.append(max(0, (i - self.heads) // self.kv_heads + 1))
    self.constants.append(torch.tensor(kinds, dtype=4, device=device))

  def matrix(self: __torch__.Decoder, weight: Tensor, norm: Tensor) -> Tensor:
    if not self.fast:
      return weight
    if torch.numel(norm) > 0:
      weight = torch.mul(weight, torch.mul(norm, torch.sqrt(torch.tensor(float(torch.size(norm, 0))))))
    return self.pack(weight)

  # ---- Parts of a layer; x is [rows, width] --------------------------------------------------------------------------

  # x over the root of its sum of squares: RMSNorm without its weight and without the root of the width.
  def unit(self: __torch__.Decoder, x: Tensor, epsilon: Tensor) -> Tensor:
    length = torch.linalg_vector_norm(x, 2, [-1], True)
    return torch.mul(x, torch.rsqrt(torch.addcmul(epsilon, length, length)))

  # What goes into a matrix that `matrix` made with the same norm.
  def before_matrix(self: __torch__.Decoder, x: Tensor, weight: Tensor) -> Tensor:
    if self.fast:
      return self.unit(x, self.constants[0])
    return self.norm(x, weight)

  def norm(self: __torch__.Decoder, x: Tensor, weight: Tensor) -> Tensor:
    if self.norm_plus_one and x.dtype != 6:
      return torch.to(torch.rms_norm(torch.to(x, 6), [torch.size(x, -1)], weight, self.eps), x.dtype)
    return torch.rms_norm(x, [torch.size(x, -1)], weight, self.eps)

  def linear(self: __torch__.Decoder, x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
    if self.fast:
      return self.packed_linear(x, weight, bias)
    if torch.numel(bias) > 0:
      return torch.linear(x, weight, bias)
    return torch.linear(x, weight)

  # cos and sin for all heads of a projection, [positions, heads + 2 kv_heads, head_dim]: queries carry the scale of the
  # attention, sin the sign of the half that is turned, and values are left as they are (cos 1, sin 0). Taken from tables,
  # which grow with the longest text; `most` is above all positions.
  def angles(self: __torch__.Decoder, positions: Tensor, most: int, kind: int) -> Tuple[Tensor, Tensor]:
    if len(self.tables) == 0 or torch.size(self.tables[0], 0) < most:
      self.make_tables(2 * most, kind)
    heads = self.constants[1]
    cos = torch.index_select(torch.index_select(self.tables[0], 0, positions), 1, heads)
    sin = torch.index_select(torch.index_select(self.tables[1], 0, positions), 1, heads)
    return cos, sin

  # Tables of cos and sin, [positions, 3, head_dim], for queries, keys and values.
  def make_tables(self: __torch__.Decoder, length: int, kind: int) -> None:
    half = self.head_dim // 2
    device = self.top[0].device
    turns = torch.mul(torch.unsqueeze(torch.to(torch.arange(0, length, dtype=4, device=device), 6), 1), self.frequencies[0])
    cos = torch.cos(turns)
    sin = torch.sin(turns)
    sin = torch.cat([torch.neg(torch.slice(sin, 1, 0, half)), torch.slice(sin, 1, half)], 1)
    cos = torch.stack([torch.mul(cos, self.scale), cos, torch.ones_like(cos)], 1)
    sin = torch.stack([torch.mul(sin, self.scale), sin, torch.zeros_like(sin)], 1)
    self.tables = [torch.to(cos, kind), torch.to(sin, kind)]

  # Queries (turned and scaled), keys (turned) and values, [n, heads + 2 kv_heads, d].
  def project(self: __torch__.Decoder, w: List[Tensor], x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
    qkv = torch.view(self.linear(self.before_matrix(x, w[0]), w[1], w[2]), [-1, self.heads + 2 * self.kv_heads, self.head_dim])
    if self.qk_norm:
      both = self.heads + self.kv_heads
      normed = torch.rms_norm(torch.slice(qkv, 1, 0, both), [self.head_dim], None, self.eps)
      qkv = torch.mul(torch.cat([normed, torch.slice(qkv, 1, both)], 1), w[3])
    return torch.addcmul(torch.mul(qkv, cos), torch.roll(qkv, [self.head_dim // 2], [2]), sin)

  # Everything behind the attention; attended is [n, heads * d].
  def finish_layer(self: __torch__.Decoder, w: List[Tensor], x: Tensor, attended: Tensor) -> Tensor:
    if self.sandwich_norms:
      x = torch.add(x, self.norm(self.linear(attended, w[4], w[5]), w[6]))
    else:
      x = torch.add(x, self.linear(attended, w[4], w[5]))
    both = torch.chunk(self.linear(self.before_matrix(x, w[11]), w[7], w[8]), 2, -1)
    if self.gelu:
      h = torch.mul(torch.gelu(both[0], approximate="tanh"), both[1])
    else:
      h = torch.mul(torch.silu(both[0]), both[1])
    h = self.linear(h, w[9], w[10])
    if self.sandwich_norms:
      h = self.norm(h, w[12])
    return torch.add(x, h)

  def embed(self: __torch__.Decoder, tokens: Tensor) -> Tensor:
    x = torch.embedding(self.top[0], tokens)
    if self.embedding_scale != 1.0:
      # Rounded to the type of the weights, as Hugging Face's Gemma does.
      x = torch.mul(x, torch.tensor(self.embedding_scale, dtype=x.dtype, device=x.device))
    return x

  # What the head makes of states, float32, [rows, vocabulary or labels].
  def logits(self: __torch__.Decoder, x: Tensor) -> Tensor:
    y = torch.to(self.linear(self.before_matrix(x, self.top[1]), self.top[2], torch.empty([0])), 6)
    if self.final_cap > 0.0:
      y = torch.mul(torch.tanh(torch.div(y, self.final_cap)), self.final_cap)
    return y

  # 0 where a query may look, -inf elsewhere; [queries, keys]. Both positions count from the start of the text.
  def mask(self: __torch__.Decoder, queries: Tensor, keys: Tensor, window: int, kind: int) -> Tensor:
    distance = torch.sub(torch.unsqueeze(queries, 1), torch.unsqueeze(keys, 0))
    hidden = torch.lt(distance, 0)
    if window > 0:
      hidden = torch.logical_or(hidden, torch.ge(distance, window))
    return torch.masked_fill(torch.zeros(torch.size(hidden), dtype=kind, device=queries.device), hidden, -inf)

  # ---- Many tokens of a text at once ---------------------------------------------------------------------------------

  # Attention of n queries to m keys for b texts: q [b, heads, n, d], k and v [b, kv_heads, m, d]; mask [n, m], or none: causal.
  def attend(self: __torch__.Decoder, q: Tensor, k: Tensor, v: Tensor, mask: Tensor, causal: bool) -> Tensor:
    repeat = self.heads // self.kv_heads
    if repeat > 1:
      k = torch.repeat_interleave(k, repeat, 1)
      v = torch.repeat_interleave(v, repeat, 1)
    if self.attention_cap > 0.0:
      # No fused operator caps scores. They are computed for some queries at a time, or long texts would take gigabytes.
      parts = annotate(List[Tensor], [])
      at = 0
      n = torch.size(q, 2)
      while at < n:
        to = min(n, at + 512)
        scores = torch.matmul(torch.slice(q, 2, at, to), torch.transpose(k, 2, 3))
        scores = torch.mul(torch.tanh(torch.div(scores, self.attention_cap)), self.attention_cap)
        scores = torch.softmax(torch.add(scores, torch.slice(mask, 0, at, to)), -1, dtype=6)
        parts.append(torch.matmul(torch.to(scores, v.dtype), v))
        at = to
      return torch.cat(parts, 2)
    if causal:
      return torch.scaled_dot_product_attention(q, k, v, None, 0., True, scale=1.)
    return torch.scaled_dot_product_attention(q, k, v, mask, 0., False, scale=1.)

  # Computes a chunk, and writes its keys and values behind the `at` tokens that `caches` ([2 kv_heads, capacity, d] for each
  # layer) hold already. Before those may stand a segment of `shared` tokens.
  def chunk(self: __torch__.Decoder, tokens: List[int], segment: int, shared: int, at: int, caches: List[Tensor]) -> Tensor:
    device = self.top[0].device
    n = len(tokens)
    h = self.kv_heads
    start = shared + at
    x = self.embed(torch.tensor(tokens, dtype=4, device=device))
    kind = x.dtype
    queries = torch.arange(start, start + n, dtype=4, device=device)
    keys = torch.arange(0, start + n, dtype=4, device=device)
    cos, sin = self.angles(queries, start + n, kind)
    narrow_window = self.window > 0 and start + n > self.window
    causal = start == 0
    full = torch.empty([0])
    if not causal or self.attention_cap > 0.0:
      full = self.mask(queries, keys, 0, kind)
    near = full
    if narrow_window:
      near = self.mask(queries, keys, self.window, kind)
    for l in range(self.layers):
      w = self.weights[l]
      qkv = torch.transpose(self.project(w, x, cos, sin), 0, 1)
      kv = torch.slice(qkv, 0, self.heads)
      torch.copy_(torch.slice(caches[l], 1, at, at + n), kv)
      if at > 0:
        kv = torch.slice(caches[l], 1, 0, at + n)
      if segment >= 0:
        kv = torch.cat([self.segments[segment][l], kv], 1)
      limited = self.windowed[l] and narrow_window
      if limited:
        seen = near
      else:
        seen = full
      kv = torch.unsqueeze(kv, 0)
      attended = self.attend(torch.unsqueeze(torch.slice(qkv, 0, 0, self.heads), 0), torch.slice(kv, 1, 0, h), torch.slice(kv, 1, h), seen, causal and not limited)
      x = self.finish_layer(w, x, torch.reshape(torch.transpose(torch.squeeze(attended, 0), 0, 1), [n, -1]))
    return x

  # Hidden states of whole texts without any cache, [texts, tokens, width]; rows are filled up at the end.
  def states(self: __torch__.Decoder, tokens: Tensor) -> Tensor:
    b = torch.size(tokens, 0)
    n = torch.size(tokens, 1)
    x = self.embed(torch.reshape(tokens, [-1]))
    kind = x.dtype
    positions = torch.arange(0, n, dtype=4, device=tokens.device)
    cos, sin = self.angles(positions, n, kind)
    cos = torch.repeat(cos, [b, 1, 1])
    sin = torch.repeat(sin, [b, 1, 1])
    narrow_window = self.window > 0 and n > self.window
    full = torch.empty([0])
    if self.attention_cap > 0.0:
      full = self.mask(positions, positions, 0, kind)
    near = full
    if narrow_window:
      near = self.mask(positions, positions, self.window, kind)
    for l in range(self.layers):
      w = self.weights[l]
      qkv = torch.transpose(torch.view(self.project(w, x, cos, sin), [b, n, -1, self.head_dim]), 1, 2)
      limited = self.windowed[l] and narrow_window
      if limited:
        seen = near
      else:
        seen = full
      both = self.heads + self.kv_heads
      attended = self.attend(torch.slice(qkv, 1, 0, self.heads), torch.slice(qkv, 1, self.heads, both), torch.slice(qkv, 1, both), seen, not limited)
      x = self.finish_layer(w, x, torch.reshape(torch.transpose(attended, 1, 2), [b * n, -1]))
    return torch.view(x, [b, n, -1])

  # Logits of every token of one text, without a cache, [tokens, vocabulary].
  def all_logits(self: __torch__.Decoder, tokens: List[int]) -> Tensor:
    x = self.states(torch.unsqueeze(torch.tensor(tokens, dtype=4, device=self.top[0].device), 0))
    return self.logits(torch.squeeze(x, 0))

  # The scalar of each text: the head on the state of its last token. `flat` holds texts of `width` tokens each.
  def scores(self: __torch__.Decoder, flat: List[int], width: int, lengths: List[int]) -> Tensor:
    device = self.top[0].device
    x = self.states(torch.view(torch.tensor(flat, dtype=4, device=device), [-1, width]))
    last = torch.sub(torch.tensor(lengths, dtype=4, device=device), 1)
    rows = torch.arange(0, len(lengths), dtype=4, device=device)
    ends = torch.index(x, [rows, last])
    return torch.to(self.logits(ends), 7)

  # ---- Segments ------------------------------------------------------------------------------------------------------

  # Zeros, for what is masked is still multiplied, and stray memory may hold what is not a number.
  def block(self: __torch__.Decoder, shape: List[int]) -> List[Tensor]:
    out = annotate(List[Tensor], [])
    for l in range(self.layers):
      out.append(torch.zeros(shape, dtype=self.top[0].dtype, device=self.top[0].device))
    return out

  def add_segment(self: __torch__.Decoder, segment: int, length: int) -> None:
    self.segments[segment] = self.block([2 * self.kv_heads, length, self.head_dim])

  # Computes tokens [at, at + n) of a segment; with `last`, keeps the logits behind them under `key`.
  def fill_segment(self: __torch__.Decoder, segment: int, at: int, tokens: List[int], last: bool, key: int) -> None:
    x = self.chunk(tokens, -1, 0, at, self.segments[segment])
    if last:
      self.last_logits[key] = self.logits(torch.narrow(x, 0, len(tokens) - 1, 1))

  def drop_segment(self: __torch__.Decoder, segment: int) -> None:
    self.segments.pop(segment)

  def kept_logits(self: __torch__.Decoder, key: int) -> Tensor:
    return self.last_logits[key]

  def drop_logits(self: __torch__.Decoder, key: int) -> None:
    self.last_logits.pop(key)

  def reset(self: __torch__.Decoder) -> None:
    self.segments = annotate(Dict[int, List[Tensor]], {})
    self.groups = annotate(Dict[int, List[Tensor]], {})
    self.last_logits = annotate(Dict[int, Tensor], {})

  # ---- Groups: a block of [rows, 2 kv_heads, capacity, d] for each layer, keys first ---------------------------------

  # Makes room for `rows` rows of `capacity` tokens; what is there stays. Layer by layer, so that little is held twice.
  def resize_group(self: __torch__.Decoder, group: int, rows: int, capacity: int) -> None:
    if group in self.groups:
      blocks = self.groups[group]
      n = min(torch.size(blocks[0], 1), rows)
      t = min(torch.size(blocks[0], 3), capacity)
      for l in range(self.layers):
        old = blocks[l]
        fresh = torch.zeros([2, rows, self.kv_heads, capacity, self.head_dim], dtype=old.dtype, device=old.device)
        torch.copy_(torch.slice(torch.slice(fresh, 1, 0, n), 3, 0, t), torch.slice(torch.slice(old, 1, 0, n), 3, 0, t))
        blocks[l] = fresh
    else:
      self.groups[group] = self.block([2, rows, self.kv_heads, capacity, self.head_dim])

  # Moves the first `length` tokens of a row into the place of another one.
  def move_row(self: __torch__.Decoder, group: int, source: int, target: int, length: int) -> None:
    for block in self.groups[group]:
      used = torch.slice(block, 3, 0, length)
      torch.copy_(torch.select(used, 1, target), torch.select(used, 1, source))

  def drop_group(self: __torch__.Decoder, group: int) -> None:
    self.groups.pop(group)

  # Computes tokens [at, at + n) of a row; with `last`, keeps the logits behind them under `key`.
  def fill_row(self: __torch__.Decoder, group: int, row: int, segment: int, shared: int, at: int, tokens: List[int], last: bool, key: int) -> None:
    caches = annotate(List[Tensor], [])
    for block in self.groups[group]:
      # A copy of what the row holds already; the chunk is written back below.
      caches.append(torch.reshape(torch.slice(torch.select(block, 1, row), 2, 0, at + len(tokens)), [2 * self.kv_heads, at + len(tokens), self.head_dim]))
    x = self.chunk(tokens, segment, shared, at, caches)
    l = 0
    for block in self.groups[group]:
      target = torch.slice(torch.select(block, 1, row), 2, at, at + len(tokens))
      torch.copy_(target, torch.slice(torch.view(caches[l], [2, self.kv_heads, at + len(tokens), self.head_dim]), 2, at))
      l = l + 1
    if last:
      self.last_logits[key] = self.logits(torch.narrow(x, 0, len(tokens) - 1, 1))

  # ---- One token for each row ----------------------------------------------------------------------------------------

  # Rows in order: those of groups[0] first (counts[0] of them, in places 0.. of the group), then those of groups[1], ...
  # segments[g] is -1 or the group's segment of shared[g] tokens; own[i] is how many tokens row i has in the group already.
  # Returns logits [rows, vocabulary].
  def decode(self: __torch__.Decoder, groups: List[int], counts: List[int], segments: List[int], shared: List[int], tokens: List[int], own: List[int]) -> Tensor:
    device = self.top[0].device
    h = self.kv_heads
    d = self.head_dim
    repeat = self.heads // h
    x = self.embed(torch.tensor(tokens, dtype=4, device=device))
    kind = x.dtype
    own_lengths = torch.tensor(own, dtype=4, device=device)
    positions = annotate(List[int], [])
    places = annotate(List[Tensor], [])
    longest = annotate(List[int], [])
    full_masks = annotate(List[Tensor], [])
    near_masks = annotate(List[Tensor], [])
    near_segments = annotate(List[Tensor], [])
    none = torch.empty([0])
    at = 0
    farthest = 0
    for g in range(len(groups)):
      n = counts[g]
      block = self.groups[groups[g]][0]
      rows = torch.size(block, 1)
      capacity = torch.size(block, 3)
      most = 0
      least = own[at]
      where = annotate(List[int], [])
      for i in range(n):
        length = own[at + i]
        positions.append(shared[g] + length)
        most = max(most, length)
        least = min(least, length)
        for kv in range(2):
          for head in range(h):
            where.append(((kv * rows + i) * h + head) * capacity + length)
      places.append(torch.tensor(where, dtype=4, device=device))
      longest.append(most + 1)
      farthest = max(farthest, shared[g] + most)
      ragged = least < most
      narrow_window = self.window > 0 and shared[g] + most + 1 > self.window
      full = none
      near = none
      near_segment = none
      if ragged or narrow_window:
        lengths = torch.slice(own_lengths, 0, at, at + n)
        keys = torch.arange(0, most + 1, dtype=4, device=device)
        if ragged:
          full = torch.unsqueeze(torch.repeat_interleave(self.mask(lengths, keys, 0, kind), h, 0), 1)
        near = full
        if narrow_window:
          near = torch.unsqueeze(torch.repeat_interleave(self.mask(lengths, keys, self.window, kind), h, 0), 1)
          if segments[g] >= 0:
            far = self.mask(torch.add(lengths, shared[g]), torch.arange(0, shared[g], dtype=4, device=device), self.window, kind)
            near_segment = torch.unsqueeze(torch.repeat_interleave(far, repeat, 0), 0)
      full_masks.append(full)
      near_masks.append(near)
      near_segments.append(near_segment)
      at = at + n
    cos, sin = self.angles(torch.tensor(positions, dtype=4, device=device), farthest + 1, kind)
    for l in range(self.layers):
      w = self.weights[l]
      qkv = self.project(w, x, cos, sin)
      parts = annotate(List[Tensor], [])
      at = 0
      for g in range(len(groups)):
        n = counts[g]
        block = self.groups[groups[g]][l]
        mine = torch.slice(qkv, 0, at, at + n)
        torch.index_copy_(torch.view(block, [-1, d]), 0, places[g], torch.reshape(torch.slice(mine, 1, self.heads), [-1, d]))
        flat = torch.slice(torch.view(block, [-1, torch.size(block, 3), d]), 1, 0, longest[g])
        values = torch.size(block, 1) * h
        seen = full_masks[g]
        seen_segment = none
        if self.windowed[l]:
          seen = near_masks[g]
          seen_segment = near_segments[g]
        q = torch.reshape(torch.slice(mine, 1, 0, self.heads), [n * h, repeat, d])
        parts.append(self.look_back(q, torch.slice(flat, 0, 0, n * h), torch.slice(flat, 0, values, values + n * h), seen, segments[g], l, n, seen_segment))
        at = at + n
      if len(parts) == 1:
        attended = parts[0]
      else:
        attended = torch.cat(parts, 0)
      x = self.finish_layer(w, x, attended)
    return self.logits(x)

  # Attention of n rows, one query each, to their own tokens and to the segment before them; [n, heads * d]. Keys and values
  # of the segment are read once for all rows: the queries of all rows stand together as rows of one matrix.
  def look_back(self: __torch__.Decoder, q: Tensor, k: Tensor, v: Tensor, seen: Tensor, segment: int, layer: int, n: int, seen_segment: Tensor) -> Tensor:
    h = self.kv_heads
    d = self.head_dim
    repeat = self.heads // h
    scores = torch.bmm(q, torch.transpose(k, 1, 2))
    if self.attention_cap > 0.0:
      scores = torch.mul(torch.tanh(torch.div(scores, self.attention_cap)), self.attention_cap)
    if torch.numel(seen) > 0:
      scores = torch.add(scores, seen)
    if segment < 0:
      return torch.view(torch.bmm(torch.softmax(scores, -1), v), [n, -1])
    t = torch.size(k, 1)
    cache = self.segments[segment][layer]
    shared = torch.size(cache, 1)
    q_shared = torch.reshape(torch.transpose(torch.view(q, [n, h, repeat, d]), 0, 1), [h, n * repeat, d])
    shared_scores = torch.bmm(q_shared, torch.transpose(torch.slice(cache, 0, 0, h), 1, 2))
    if self.attention_cap > 0.0:
      shared_scores = torch.mul(torch.tanh(torch.div(shared_scores, self.attention_cap)), self.attention_cap)
    if torch.numel(seen_segment) > 0:
      shared_scores = torch.add(shared_scores, seen_segment)
    own_scores = torch.reshape(torch.transpose(torch.view(scores, [n, h, repeat, t]), 0, 1), [h, n * repeat, t])
    weights = torch.split_with_sizes(torch.softmax(torch.cat([shared_scores, own_scores], -1), -1), [shared, t], -1)
    from_segment = torch.bmm(weights[0], torch.slice(cache, 0, h))
    own_weights = torch.reshape(torch.transpose(torch.view(weights[1], [h, n, repeat, t]), 0, 1), [n * h, repeat, t])
    from_own = torch.view(torch.bmm(own_weights, v), [n, h, repeat, d])
    return torch.reshape(torch.add(torch.transpose(torch.view(from_segment, [h, n, repeat, d]), 0, 1), from_own), [n, -1])

  # One token for each row, see `decode` and `draw`.
  def step(self: __torch__.Decoder, groups: List[int], counts: List[int], segments: List[int], shared: List[int], tokens: List[int], own: List[int], uniforms: List[float], temperatures: List[float], top_ks: List[int], top_ps: List[float]) -> Tensor:
    return self.draw(self.decode(groups, counts, segments, shared, tokens, own), uniforms, temperatures, top_ks, top_ps)

  # The first token of rows whose prompts are computed: from the logits kept under each row's key.
  def first(self: __torch__.Decoder, keys: List[int], uniforms: List[float], temperatures: List[float], top_ks: List[int], top_ps: List[float]) -> Tensor:
    kept = annotate(List[Tensor], [])
    for key in keys:
      kept.append(self.last_logits[key])
    return self.draw(torch.cat(kept, 0), uniforms, temperatures, top_ks, top_ps)
