extension Operation {
  static let gather = Operation(
    "gather", "slices across an axis at positions: rows of a table",
    records: Gather.self, operands: .fixed([.any, .index]),
    attributes: [.optional("axis", .integer, 0)]
  ) { [$0[0].gathered(at: $0[1], axis: $1.integer("axis"))] }

  static let scatterAdd = Operation(
    "scatterAdd", "slices added to zeros at positions of an axis; the opposite of gather",
    records: ScatterAdd.self, operands: .fixed([.real, .index]),
    attributes: [.required("extent", .integer), .optional("axis", .integer, 0)]
  ) {
    [
      $0[0].scatterAdded(
        at: $0[1], extent: $1.integer("extent"), axis: $1.integer("axis"))
    ]
  }

  static let takeAlongAxis = Operation(
    "takeAlongAxis", "elements along an axis at positions that differ from line to line",
    records: TakeAlong.self, operands: .fixed([.any, .index]),
    attributes: [.optional("axis", .integer, -1)]
  ) { [$0[0].takenAlong(axis: $1.integer("axis"), at: $0[1])] }

  static let addAlongAxis = Operation(
    "addAlongAxis", "elements added to zeros at positions; the opposite of takeAlongAxis",
    records: AddAlong.self, operands: .fixed([.real, .index]),
    attributes: [.required("extent", .integer), .optional("axis", .integer, -1)]
  ) {
    [
      $0[0].addedAlong(
        axis: $1.integer("axis"), at: $0[1], extent: $1.integer("extent"))
    ]
  }

  static let oneHot = Operation(
    "oneHot", "a row of zeros for each position, with a 1 there", operands: .fixed([.index]),
    attributes: [.required("classes", .integer)], differentiability: .none
  ) { [$0[0].oneHot(classes: $1.integer("classes"))] }

  /// The attributes of a sort.
  private static let sortAttributes: [Attribute] = [
    .optional("axis", .integer, -1), .optional("descending", .flag, false),
  ]

  static let argsort = Operation(
    "argsort", "the positions of the elements along an axis in order; equal ones keep theirs",
    records: SortOrder.self, attributes: sortAttributes, differentiability: .none
  ) { [$0[0].argsorted(axis: $1.integer("axis"), descending: $1.flag("descending"))] }

  static let sort = Operation(
    "sort", "the elements along an axis in order, and where they were", records: SortOrder.self,
    attributes: sortAttributes, results: ["y", "indices"]
  ) {
    let order = $0[0].argsorted(axis: $1.integer("axis"), descending: $1.flag("descending"))
    return [$0[0].takenAlong(axis: $1.integer("axis"), at: order), order]
  }

  static let topK = Operation(
    "topK", "the k largest elements along an axis, largest first, and where they are",
    records: SortOrder.self,
    attributes: [.required("k", .integer), .optional("axis", .integer, -1)],
    results: ["y", "indices"]
  ) {
    let (values, indices) = $0[0].topK($1.integer("k"), axis: $1.integer("axis"))
    return [values, indices]
  }

  static let index = Operation(
    "index", "real numbers as positions, rounded towards zero", records: ToIndex.self,
    differentiability: .none
  ) { operands, _ in [operands[0].index()] }
}
