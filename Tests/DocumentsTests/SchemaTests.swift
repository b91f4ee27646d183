import Documents
import Foundation
import Testing

/// The JSON Schemas and the parsers agree: on the fields that there are, and on what a schema can judge of a document,
/// as judged by the validator jsonschema (see Scripts/judge-documents).
@Suite struct SchemaTests {
  @Test(arguments: [
    ("federation", Shape.ofFederation), ("application", Shape.ofApplication), ("lab", Shape.ofLab),
    ("scenario", Shape.ofScenario),
  ])
  func fields(kind: String, shapes: [Shape]) throws {
    let schema = try Self.schema(kind)
    for shape in shapes {
      let object = try #require(Self.object(shape.pointer, in: schema), "\(shape.pointer)")
      let properties = try #require(object["properties"] as? [String: Any])
      #expect(Set(properties.keys) == Set(shape.fields), "\(shape.pointer)")
      #expect(Set(object["required"] as? [String] ?? []) == Set(shape.required), "\(shape.pointer)")
      #expect(object["additionalProperties"] as? Bool == false)
    }
    let definitions = try #require(schema["$defs"] as? [String: [String: Any]])
    let objects = definitions.filter { $0.value["properties"] != nil }.map { "#/$defs/\($0.key)" }
    #expect(Set(objects + ["#"]) == Set(shapes.map(\.pointer)))
  }

  @Test(arguments: ["federation", "application", "lab"])
  func verdicts(kind: String) throws {
    let bytes = try Data(Fixture.named("Schema/\(kind).json").bytes)
    let corpus = try JSONDecoder().decode(Corpus.self, from: bytes)
    #expect(corpus.changes.count > 500)
    for change in corpus.changes {
      let document = corpus.document.with(change.value, at: change.path)
      let text = try String(decoding: JSONEncoder().encode(document), as: UTF8.self)
      let problems = Self.problems(of: text, kind: kind)
      #expect(problems.isEmpty == change.valid, "\(change.path) = \(String(describing: change.value)): \(problems)")
    }
  }

  private struct Corpus: Decodable {
    var document: JSONValue
    var changes: [Change]
  }

  private struct Change: Decodable {
    var path: [JSONValue.Key]
    /// Nil: the member is removed.
    var value: JSONValue?
    var valid: Bool

    private enum CodingKeys: String, CodingKey { case path, value, valid }

    init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: CodingKeys.self)
      path = try container.decode([JSONValue.Key].self, forKey: .path)
      valid = try container.decode(Bool.self, forKey: .valid)
      value = container.contains(.value) ? try container.decode(JSONValue.self, forKey: .value) : nil
    }
  }

  private static func problems(of text: String, kind: String) -> [Diagnostic] {
    do throws(DocumentError) {
      switch kind {
      case "federation": return try FederationDocument.parse(text, file: kind).warnings
      case "application": return try ApplicationDocument.parse(text, file: kind).diagnostics
      // A guest alone in its group is worth a warning, which is beyond a schema.
      default: return try LabDocument.parse(text, file: kind).warnings.filter { $0.severity == .error }
      }
    } catch {
      return error.diagnostics
    }
  }

  private static func schema(_ kind: String) throws -> [String: Any] {
    let url = Fixture.root.appending(path: "../../../Schemas/\(kind).schema.json")
    return try #require(JSONSerialization.jsonObject(with: Data(contentsOf: url)) as? [String: Any])
  }

  private static func object(_ pointer: String, in schema: [String: Any]) -> [String: Any]? {
    pointer.split(separator: "/").dropFirst().reduce(schema) { $0?[String($1)] as? [String: Any] }
  }
}
